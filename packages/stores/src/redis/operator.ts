import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { ErrorReply } from "@redis/client";
import type { Changes, OperatorStore, StoredValues, WriteGuard } from "../operator-store.ts";
import { StoreConflictError, StoreSetupError } from "../operator-store.ts";
import { leadLost, lockLost } from "../still-due.ts";
import { markText, newMark } from "../rollback-mark.ts";
import type { Client } from "./client.ts";
import { withClient } from "./client.ts";
import { leaderKey, lockKey, markKey } from "./companion-keys.ts";
import { redisCoordination } from "./coordination.ts";
import { redisLeadership } from "./leadership.ts";
import type { RedisLocation } from "./location.ts";
import { REDIS } from "./kind.ts";
import { readRedisUrl } from "./location.ts";
import { OVERWRITE, WRITE } from "./scripts.ts";

const KEYS = [EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY] as const;

/**
 * A hash in Redis, as the Node gateway reads it: `redis://user:password@host:port/database?key=name`,
 * or `rediss://`. Both values are written at once. Each use has a connection of its own.
 *
 * @throws StoreSetupError when it is not such a URL.
 */
export function openStore(url: string): OperatorStore {
  const read = readRedisUrl(url);
  if (read.kind === "refused") throw new StoreSetupError(read.why);
  const { location: place } = read;
  const { shown } = place;
  const uncertain = `${shown} may or may not have been written`;
  let isScriptAnswered = true;

  return {
    location: shown,
    propagation: REDIS.propagation.text,
    propagationMs: REDIS.propagation.ms,
    read: async () =>
      withClient(place, `${shown} cannot be read`, async (client) => readValues(client, place)),
    coordination: redisCoordination(place),
    leadership: redisLeadership(place),
    write: async (changes, guard) =>
      withClient(place, uncertain, async (client) => write(client, place, changes, guard)),
    overwrite: async (changes, who) =>
      withClient(place, uncertain, async (client) => {
        const fields = fieldsOf(changes);
        if (fields.length === 0) return;
        if (isScriptAnswered) {
          try {
            return await overwriteByScript(client, place, fields, who);
          } catch (error) {
            // Something between here and the server may break a connection at what it does not know.
            isScriptAnswered = error instanceof ErrorReply;
            if (!isScriptAnswered) throw error;
          }
        }
        return overwritePlainly(client, place, fields, who);
      }),
    checkWritable: async () =>
      withClient(place, `${shown} cannot be checked`, async (client) => checkRights(client, place)),
    close: async () => {},
  };
}

async function readValues(client: Client, { key }: RedisLocation): Promise<StoredValues> {
  const [flag, pct] = await client.hmGet(key, [...KEYS]);
  return { [EDGEZERO_ENABLED_KEY]: flag ?? null, [EDGEZERO_ROLLOUT_PCT_KEY]: pct ?? null };
}

async function write(
  client: Client,
  { key, shown }: RedisLocation,
  changes: Changes,
  { lock, mark, expected, leader }: WriteGuard,
): Promise<void> {
  const fields = fieldsOf(changes);
  if (fields.length === 0) return;
  const before = KEYS.map((name) => said(expected[name]));
  const refusal = await client.eval(WRITE, {
    keys: [key, lockKey(key), markKey(key), leaderKey(key)],
    arguments: [lock.fence, said(mark), ...KEYS, ...before, leader ?? "", ...fields],
  });
  if (!Array.isArray(refusal)) return;
  const [what, text] = refusal.map(String);
  if (what === "mark") throw new StoreConflictError(markText(text ?? null));
  if (what === "lock") throw lockLost();
  if (what === "leader") throw leadLost();
  throw new StoreConflictError(`${shown} was changed by someone else meanwhile`);
}

/** A value as the script compares it: absent differs from empty. */
function said(value: string | null): string {
  return value === null ? "" : `=${value}`;
}

async function overwriteByScript(
  client: Client,
  { key }: RedisLocation,
  fields: string[],
  who: string,
): Promise<void> {
  const keys = [key, markKey(key)];
  await client.eval(OVERWRITE, { keys, arguments: [newMark(who), ...fields] });
}

/** For a user who may write no more than the hash. */
async function overwritePlainly(
  client: Client,
  { key }: RedisLocation,
  fields: string[],
  who: string,
): Promise<void> {
  // Both are sent at once, so that nothing is likely to come between them.
  const writing = client.hSet(key, fields);
  const marking = client.set(markKey(key), newMark(who)).catch(() => {});
  await writing;
  await marking;
}

/** Rights are checked when a command is queued; the transaction is then given up. */
async function checkRights(client: Client, { key }: RedisLocation): Promise<void> {
  const [lock, mark] = [lockKey(key), markKey(key)];
  const commands = [
    ["HSET", key, EDGEZERO_ROLLOUT_PCT_KEY, "0"],
    ["HMGET", key, EDGEZERO_ROLLOUT_PCT_KEY],
    ["GET", lock],
    ["SET", lock, ""],
    ["DEL", lock],
    ["GET", mark],
    ["SET", mark, ""],
    ["EVAL", WRITE, "4", key, lock, mark, leaderKey(key)],
  ];
  await client.sendCommand(["MULTI"]);
  await Promise.all(commands.map(async (command) => client.sendCommand(command)));
  await client.sendCommand(["DISCARD"]);
}

function fieldsOf(changes: Changes): string[] {
  return KEYS.flatMap((name) => {
    const value = changes[name];
    return value === undefined ? [] : [name, value];
  });
}
