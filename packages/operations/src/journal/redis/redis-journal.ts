import { StoreSetupError } from "@edgezero/stores/operator-store";
import { redisLines } from "@edgezero/stores/redis/lines";
import { readRedisUrl } from "@edgezero/stores/redis/location";
import { followChain } from "../chain.ts";
import { chainEntries } from "../chain-entries.ts";
import { parseLink } from "../head.ts";
import type { Journal } from "../journal.ts";
import { archiveLines } from "./archive.ts";
import { linkAtEnd, parseBase } from "./base.ts";
import { contentOf } from "./content-of.ts";

/**
 * The journal as a list in Redis, with the same lines as a file has: `redis://host:6379?key=name`, where the
 * key is that of a rollout's hash, and the list is beside it. Entries that others add at the same time get
 * into one chain: an addition holds only for the end that it was made for, and is made again otherwise.
 *
 * @throws StoreSetupError when it is not such a URL.
 */
export function openRedisJournal(url: string): Journal {
  const read = readRedisUrl(url);
  if (read.kind === "refused") throw new StoreSetupError(read.why);
  const lines = redisLines(read.location);
  const { location, coordination } = lines;
  return {
    location,
    coordination,
    append: async (added) =>
      lines.add(({ last, head, base }) => {
        const end = followChain(last === null ? [] : [last], linkAtEnd(last, parseBase(base)));
        const next = chainEntries(end, head === null ? null : parseLink(head), added);
        return { lines: next.lines, head: JSON.stringify(next.head) };
      }),
    read: async () => contentOf(await lines.read(), lines.headLocation),
    archive: async (path, options) => archiveLines(lines, path, options),
    risks: async () => lines.risks(),
  };
}
