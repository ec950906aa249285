import type { Coordination } from "../coordination.ts";
import type { Client } from "./client.ts";
import { withClient } from "./client.ts";
import { journalKeys } from "./companion-keys.ts";
import { redisCoordination } from "./coordination.ts";
import { replyCode } from "./faults.ts";
import type { RedisLocation } from "./location.ts";
import { ADD_LINES, CUT_LINES } from "./scripts.ts";

/** Lines that are added at the end, with two texts beside them that change in the same step. */
export interface LinesContent {
  /** The lines that are there. */
  readonly lines: readonly string[];
  /** Written with each addition, such as the hash of the last line; `null` where it is missing. */
  readonly head: string | null;
  /** Says what came before the first line; `null` where nothing was cut off. */
  readonly base: string | null;
}

/** The last line alone; `null` where there is no line. */
export interface LinesEnd extends Omit<LinesContent, "lines"> {
  readonly last: string | null;
}

/** What is added after an end. */
export interface AddedLines {
  readonly lines: readonly string[];
  readonly head: string;
}

/** Lines at the beginning that are to go. */
export interface CutLines {
  readonly count: number;
  /** The base as it was read, and the last line that is to go: where they differ by now, nothing goes. */
  readonly base: string | null;
  readonly lastCut: string;
  /** Replaces the base. */
  readonly newBase: string;
}

/** A list of lines in a Redis server, beside the hash of a rollout. */
export interface RedisLines {
  /** For people, without credentials. */
  readonly location: string;
  /** The key of the head, likewise. */
  readonly headLocation: string;
  /** Lock and mark of the same hash. */
  readonly coordination: Coordination;
  /** Reads all of it in one step. */
  read(): Promise<LinesContent>;
  /**
   * Adds lines at the end, in one step, only to the end that they were made for: where others were faster,
   * `make` is called again. Durable as far as the server's own settings make a write so.
   */
  add(make: (end: LinesEnd) => AddedLines): Promise<void>;
  /**
   * What the server's own settings may do to the lines, in sentences without a subject; empty where they
   * keep them, or the server does not tell.
   */
  risks(): Promise<readonly string[]>;
  /** Cuts lines off the beginning, in one step; `false` where something has changed meanwhile. */
  cut(cut: CutLines): Promise<boolean>;
}

const RIGHTS = "eval, lrange, llen, lindex, rpush, ltrim, get and set";

/** The lines beside the hash at a place. Each method rejects with a `StoreError`, after 5 seconds at most. */
export function redisLines(place: RedisLocation): RedisLines {
  const { lines, head, base } = journalKeys(place.key);
  const keys = [lines, head, base];
  const location = `${lines} at ${place.shown}`;
  const ask = async <T>(uncertain: string, use: (client: Client) => Promise<T>): Promise<T> =>
    withClient(place, `${location} ${uncertain}`, use, {
      NOPERM: `the user needs ${RIGHTS} on the keys ${keys.join(", ")}`,
      WRONGTYPE: `the key ${lines} is not a list, or one of ${head} and ${base} is not a text`,
    });

  return {
    location,
    headLocation: `${head} at ${place.shown}`,
    coordination: redisCoordination(place),
    read: async () =>
      ask("cannot be read", async (client) => {
        const [found, ...texts] = (await client.transact([
          ["LRANGE", lines, "0", "-1"],
          ["GET", head],
          ["GET", base],
        ])) as [string[], string | null, string | null];
        return { lines: found, head: texts[0], base: texts[1] };
      }),
    add: async (make) =>
      ask("may or may not have been added to", async (client) => {
        let end = await client.eval(ADD_LINES, { keys, arguments: ["look"] });
        while (Array.isArray(end)) {
          const known = end.map(String);
          const added = make(endOf(known));
          const given = ["add", ...known, added.head, ...added.lines];
          end = await client.eval(ADD_LINES, { keys, arguments: given });
        }
      }),
    risks: async () => ask("cannot be examined", async (client) => risksOf(client)),
    cut: async ({ count, base: before, lastCut, newBase }) =>
      ask("may or may not have been cut", async (client) => {
        const given = [said(before), String(count), lastCut, newBase];
        return (await client.eval(CUT_LINES, { keys, arguments: given })) === 1;
      }),
  };
}

async function risksOf(client: Client): Promise<string[]> {
  const info = await client.sendCommand(["INFO"]).then(String, (error: unknown) => {
    if (replyCode(error) === "NOPERM") return "";
    throw error;
  });
  const policy = /^maxmemory_policy:(allkeys-[\w-]+)/m.exec(info)?.[1];
  const isLimited = !/^maxmemory:0\s*$/m.test(info);
  const risks: string[] = [];
  if (policy !== undefined && isLimited) {
    risks.push(`may remove the journal where memory is short (maxmemory-policy ${policy})`);
  }
  if (/^aof_enabled:0/m.test(info)) {
    risks.push("loses the entries since its last snapshot where it ends (appendonly no)");
  }
  return risks;
}

/** A text as the scripts say it: absent differs from empty. */
function said(text: string | null): string {
  return text === null ? "" : `=${text}`;
}

function endOf([, last = "", head = "", base = ""]: readonly string[]): LinesEnd {
  return { last: heard(last), head: heard(head), base: heard(base) };
}

function heard(text: string): string | null {
  return text === "" ? null : text.slice(1);
}
