import type { NewEntry } from "@edgezero/operations/journal/entry";
import { journalStateOf } from "@edgezero/operations/journal/journal-state";
import { withoutHost } from "./controller-name.ts";
import type { Place } from "./place.ts";

/**
 * Records the end of changes that an earlier process of this controller had begun: it ended in the middle.
 * Only the store tells whether they were written. Rejects where store or trail cannot be used.
 *
 * @returns How many there were.
 */
export async function endInterrupted({ store, journal, who, leader }: Place): Promise<number> {
  const { entries } = await journal.read();
  // What another host's controller had begun is over too, where the store refuses it by now.
  const isOurs = (by: string): boolean =>
    by === who || (leader !== null && withoutHost(by) === withoutHost(who));
  const unfinished = journalStateOf(entries).unfinished.filter((intent) => isOurs(intent.who));
  if (unfinished.length === 0) return 0;
  const values = await store.read();
  const ends = unfinished.map(({ change, command }): NewEntry => {
    const detail = "the controller ended in the middle, and found this when it went on";
    const result = "interrupted";
    return { kind: "result", change, command, result, who, store: store.location, values, detail };
  });
  await journal.append(ends as [NewEntry, ...NewEntry[]]);
  return ends.length;
}
