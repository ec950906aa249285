import type { StoredValues } from "@edgezero/stores/operator-store";
import type { Entry, IntentEntry, ResultEntry } from "./entry.ts";

/** A change that has ended: what was meant, and what came of it. */
export interface EndedChange {
  /** `null` where the entry before the write is missing. */
  readonly intent: IntentEntry | null;
  readonly result: ResultEntry;
}

/** What the trail says of the store. */
export interface TrailState {
  readonly lastChange: EndedChange | null;
  /** Changes that were begun and never ended, oldest first. */
  readonly unfinished: readonly IntentEntry[];
  /** What the store held when the trail last spoke of it; `null` when it never did. */
  readonly lastValues: { readonly values: StoredValues; readonly at: string } | null;
}

/** Reads from the entries what the store should hold, and what is still open. */
export function trailStateOf(entries: readonly Entry[]): TrailState {
  const intents = new Map<string, IntentEntry>();
  const ended = new Set<string>();
  let lastChange: EndedChange | null = null;
  let lastValues: TrailState["lastValues"] = null;
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
