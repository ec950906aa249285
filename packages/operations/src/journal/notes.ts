import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { Changes, StoredValues } from "@edgezero/stores/operator-store";
import { isSameValues } from "@edgezero/stores/stored-values";
import { quoted, valuesText } from "../reading.ts";
import type { IntentEntry, NewEntry } from "./entry.ts";
import { noteOf } from "./entry.ts";
import type { JournalState } from "./journal-state.ts";

/** Something that an operator should know before the next change. */
export interface Note {
  readonly kind: "unfinished-change" | "outside-change";
  /** A sentence without a full stop. */
  readonly text: string;
  /** The entry that the next change adds to the journal. */
  readonly entry: NewEntry;
}

/** Compares the values in the store with those in the journal. Pure. */
export function notesOf(
  { unfinished, lastValues }: JournalState,
  values: StoredValues,
  who: string,
  store: string,
): Note[] {
  const notes = unfinished.map((intent): Note => {
    const text = `an earlier change (${changeText(intent)} by ${intent.who} at ${intent.at}) did not finish; the store now holds ${heldText(intent.to, values)}`;
    const { change, command } = intent;
    const result = "interrupted";
    const detail = "found by a later command";
    const entry: NewEntry = { kind: "result", change, command, result, who, store, values, detail };
    return { kind: "unfinished-change", text, entry };
  });
  if (lastValues === null || isSameValues(lastValues.values, values)) return notes;
  if (unfinished.some(({ to }) => isSameValues({ ...lastValues.values, ...to }, values))) {
    return notes;
  }
  const detail = `changed outside this tool: from ${valuesText(lastValues.values)} to ${valuesText(values)}`;
  const text = `the store was ${detail} (the first as of ${lastValues.at})`;
  const entry = noteOf("outside-change", { who, store, detail, values });
  return [...notes, { kind: "outside-change", text, entry }];
}

/** Notes as every JSON document has them. */
export function notesDocument(notes: readonly Note[]): Record<string, unknown>[] {
  return notes.map(({ kind, text }) => ({ kind, text }));
}

/** The aim of a change, for people: `10 -> 50`, or `to 0` where the old values are not known. */
export function changeText({ from, to }: Pick<IntentEntry, "from" | "to">): string {
  return from === null ? `to ${heldText(to, to)}` : `${heldText(to, from)} -> ${heldText(to, to)}`;
}

/** The values of the keys that a change writes, such as `10`, or `true/10` for both. */
function heldText(about: Changes, values: Changes | StoredValues): string {
  const keys = ([EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY] as const).filter(
    (key) => about[key] !== undefined,
  );
  return keys.map((key) => plain(values[key] ?? null)).join("/");
}

function plain(value: string | null): string {
  if (value === null) return "absent";
  return /^[\w+.-]{1,20}$/.test(value) ? value : quoted(value);
}
