import { effectiveChanges } from "./effective-changes.ts";
import type { JournalContent } from "./journal.ts";
import { journalStateOf } from "./journal-state.ts";

/**
 * The index of the first entry that must stay in a journal where older ones are archived, so that every
 * later command finds what it goes by: the last change, the last values, changes that did not end, and since
 * when the percentage in force is in force. At least one entry stays. Pure.
 */
export function keptFrom(content: JournalContent): number {
  const { entries } = content;
  const { lastChange, unfinished } = journalStateOf(entries);
  const needed = [
    ...unfinished,
    ...(lastChange === null ? [] : [lastChange.intent ?? lastChange.result]),
  ].map((entry) => entries.indexOf(entry));
  const lastValues = entries.findLastIndex(
    (each) => each.kind !== "intent" && each.values !== null,
  );
  const stores = new Set(entries.map(({ store }) => store));
  const holds = [...stores].map((store) => holdFrom(content, store));
  const present = [...needed, ...holds, lastValues, entries.length - 1].filter((each) => each >= 0);
  return notBeforeLater(content, present.length === 0 ? 0 : Math.min(...present));
}

/** The first entry by which the hold of a store's percentage counts; -1 where there is none. */
function holdFrom({ entries, ...rest }: JournalContent, store: string): number {
  const changes = effectiveChanges({ entries, ...rest }, store);
  const present = changes.at(-1)?.effective;
  if (present === undefined) return -1;
  const differs = changes.findLastIndex(({ effective }) => effective !== present);
  const begun = changes.findLastIndex(({ beginsHold }) => beginsHold === true);
  const first = changes[Math.max(differs, begun, 0)];
  return entries.findIndex((each) => each.store === store && Date.parse(each.at) === first?.at);
}

/** An earlier index where a clock went back: no entry before it is later than the one there. */
function notBeforeLater({ entries }: JournalContent, from: number): number {
  for (let index = from; ;) {
    const at = Date.parse(entries[index]?.at ?? "");
    const later = entries.slice(0, index).findIndex((each) => Date.parse(each.at) > at);
    if (later < 0) return index;
    index = later;
  }
}
