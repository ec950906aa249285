import {
  CONFIG_STORE_NAME,
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
} from "@edgezero/rollout";
import { createClient, ErrorReply, WatchError } from "@redis/client";
import type { Changes, OperatorStore, StoredValues, WriteGuard } from "../operator-store.ts";
import { StoreConflictError, StoreError, StoreSetupError } from "../operator-store.ts";

const TIMEOUT_MS = 5000;
const KEYS = [EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY] as const;

interface Place {
  /** What the client connects to, with credentials. */
  readonly address: string;
  /** The key of the hash whose fields are the rollout's keys. */
  readonly key: string;
  /** The URL without credentials. */
  readonly location: string;
}

type Client = Awaited<ReturnType<typeof connect>>;

/**
 * A hash in Redis, as the Node gateway reads it: `redis://user:password@host:port/database?key=name`,
 * or `rediss://`. Both values are written at once. Each use has a connection of its own.
 *
 * @throws StoreError when it is not such a URL.
 */
export function openRedisStore(url: string): OperatorStore {
  const place = parse(url);
  const { key, location } = place;

  return {
    location,
    propagation: "pushed to every gateway at once, usually within milliseconds",
    read: async () =>
      withClient(place, `${location} cannot be read`, (client) => read(client, key)),
    coordination: null,
    write: async (changes, guard) =>
      withClient(place, `${location} may or may not have been written`, (client) =>
        write(client, place, changes, guard),
      ),
    overwrite: async (changes) =>
      withClient(place, `${location} may or may not have been written`, async (client) => {
        const fields = fieldsOf(changes);
        if (fields.length > 0) await client.hSet(key, fields);
      }),
    checkWritable: async () =>
      withClient(place, `${location} cannot be checked`, async (client) => {
        // Rights are checked when a command is queued; the transaction is then given up.
        await client.sendCommand(["MULTI"]);
        await client.sendCommand(["HSET", key, EDGEZERO_ROLLOUT_PCT_KEY, "0"]);
        await client.sendCommand(["DISCARD"]);
      }),
    close: async () => {},
  };
}

async function read(client: Client, key: string): Promise<StoredValues> {
  const [flag, pct] = await client.hmGet(key, [...KEYS]);
  return { [EDGEZERO_ENABLED_KEY]: flag ?? null, [EDGEZERO_ROLLOUT_PCT_KEY]: pct ?? null };
}

async function write(
  client: Client,
  { key, location }: Place,
  changes: Changes,
  { expected }: WriteGuard,
): Promise<void> {
  const fields = fieldsOf(changes);
  if (fields.length === 0) return;
  const conflict = new StoreConflictError(`${location} was changed by someone else meanwhile`);
  await client.watch(key);
  const stored = await read(client, key);
  if (KEYS.some((name) => stored[name] !== expected[name])) throw conflict;
  try {
    await client.multi().hSet(key, fields).exec();
  } catch (error) {
    throw error instanceof WatchError ? conflict : error;
  }
}

function fieldsOf(changes: Changes): string[] {
  return KEYS.flatMap((name) => {
    const value = changes[name];
    return value === undefined ? [] : [name, value];
  });
}

async function withClient<T>(
  place: Place,
  lateMessage: string,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new StoreError(`${lateMessage}: no answer in ${TIMEOUT_MS} ms`)),
    TIMEOUT_MS,
  );
  const connecting = connect(place.address);
  connecting.catch(() => {});
  let isConnected = false;
  try {
    const client = await Promise.race([connecting, late.promise]);
    isConnected = true;
    return await Promise.race([use(client), late.promise]);
  } catch (error) {
    const isCutOff = isConnected && !(error instanceof ErrorReply || error instanceof StoreError);
    throw isCutOff
      ? new StoreError(`${lateMessage}: ${messageOf(error as Error)}`)
      : explain(place, error as Error);
  } finally {
    clearTimeout(timer);
    void connecting.then((client) => client.destroy()).catch(() => {});
  }
}

async function connect(url: string) {
  const socket = { connectTimeout: TIMEOUT_MS, reconnectStrategy: false } as const;
  const client = createClient({ url, RESP: 3, maintNotifications: "disabled", socket });
  // Each error also rejects the command that it concerns.
  client.on("error", () => {});
  return client.connect();
}

function explain({ key, location }: Place, error: Error): StoreError {
  if (error instanceof StoreError) return error;
  const message = messageOf(error);
  const code = /^[A-Z]+/.exec(message)?.[0] ?? "";
  const why: Readonly<Record<string, string>> = {
    NOAUTH: "it wants a password, and the URL has none",
    WRONGPASS: "it refuses the user or the password in the URL",
    NOPERM: `the user needs hmget, hset, watch and multi on the key ${key}`,
    WRONGTYPE: `the key ${key} is not a hash`,
    READONLY: "it is a replica that cannot be written; use the primary's URL",
  };
  const known = why[code];
  return new StoreError(`${location}: ${known === undefined ? message : `${known} (${message})`}`);
}

function messageOf(error: Error): string {
  // A host with several addresses gives several errors, and a message that is empty.
  const text =
    error instanceof AggregateError ? error.errors.map(String).join("; ") : error.message;
  // An old server repeats the arguments of a command that it does not know, the password included.
  return text.replace(/,? with args beginning with.*/s, "").slice(0, 200);
}

function parse(text: string): Place {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const names = [...(url?.searchParams.keys() ?? [])];
  const key = url?.searchParams.get("key") ?? CONFIG_STORE_NAME;
  if (
    url === undefined ||
    url.hostname === "" ||
    !/^\/?\d{0,9}$/.test(url.pathname) ||
    names.length > 1 ||
    names.some((name) => name !== "key") ||
    key === ""
  ) {
    throw new StoreSetupError(
      "a Redis store's URL must be redis://host:port or rediss://host:port, with no parameter but key",
    );
  }
  const shown = new URL(url);
  shown.password = "";
  shown.username = url.username === "" && url.password === "" ? "" : "***";
  url.search = "";
  return { address: url.href, key, location: shown.href };
}
