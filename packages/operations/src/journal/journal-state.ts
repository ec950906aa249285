import type { StoredValues } from "@edgezero/stores/operator-store";
import type { Entry, IntentEntry, ResultEntry } from "./entry.ts";

/** A change that has ended. */
export interface EndedChange {
  /** `null` where the entry before the write is missing. */
  readonly intent: IntentEntry | null;
  /** The last result of the change. */
  readonly result: ResultEntry;
}

/** The state of the store and of its changes, as the journal has it. */
export interface JournalState {
  readonly lastChange: EndedChange | null;
  /** Changes without a result, oldest first. */
  readonly unfinished: readonly IntentEntry[];
  /** The last values in the journal; `null` where it holds no values. */
  readonly lastValues: { readonly values: StoredValues; readonly at: string } | null;
}

/** Derives the state from the entries, oldest first. Pure. */
export function journalStateOf(entries: readonly Entry[]): JournalState {
  const intents = new Map<string, IntentEntry>();
  const ended = new Set<string>();
  let lastChange: EndedChange | null = null;
  let lastValues: JournalState["lastValues"] = null;
  for (const entry of entries) {
    if (entry.kind === "intent") {
      intents.set(entry.change, entry);
      continue;
    }
    if (entry.values !== null) lastValues = { values: entry.values, at: entry.at };
    if (entry.kind === "result") {
      ended.add(entry.change);
      lastChange = { intent: intents.get(entry.change) ?? null, result: entry };
    }
  }
  const unfinished = [...intents.values()].filter(({ change }) => !ended.has(change));
  return { lastChange, unfinished, lastValues };
}
