import type { Holder } from "@edgezero/stores/coordination";
import type { EndedChange } from "./journal/journal-state.ts";
import { journalStateOf } from "./journal/journal-state.ts";
import { lastChangeDocument, tryJournal } from "./journal/last-change.ts";
import type { Note } from "./journal/notes.ts";
import { notesDocument, notesOf } from "./journal/notes.ts";
import type { Operation } from "./operation.ts";
import { planRail } from "./plan-rail.ts";
import type { Reading } from "./reading.ts";
import { meaningOf, readingOf } from "./reading.ts";
import type { Plan, StageRail } from "@edgezero/progression/plan";

/** What store, journal and lock show. */
export interface StoreStatus {
  readonly reading: Reading;
  readonly lastChange: EndedChange | null;
  /** Where the values stand in the plan, by the journal; `null` where no plan holds. */
  readonly rail: StageRail | null;
  /** Who is changing something; `null` where nobody is, or that cannot be told. */
  readonly lock: Holder | null;
  readonly notes: readonly Note[];
  /** What is wrong with the journal; `null` where nothing is. */
  readonly finding: string | null;
  /** All of it, as every JSON document has it. */
  readonly document: Readonly<Record<string, unknown>>;
}

/** Reads store, journal and lock. Rejects where the store cannot be read. */
export async function storeStatus(operation: Operation, plan: Plan | null): Promise<StoreStatus> {
  const { store, journal, coordination, who } = operation;
  const reading = await readingOf(await store.read());
  const { values, state } = reading;
  const { content, finding } = await tryJournal(journal);
  const entries = content?.entries ?? [];
  const journalState = journalStateOf(entries);
  const { lastChange } = journalState;
  const lock = await coordination.lock.holder().catch(() => null);
  // While someone holds the lock, an unfinished change may still go on.
  const notes = lock === null ? notesOf(journalState, values, who, store.location) : [];
  const rail = planRail(plan, content, store.location, reading, Date.now());
  const document = {
    store: store.location,
    propagation: store.propagation,
    values,
    state,
    meaning: meaningOf(reading),
    lastChange: lastChange === null ? null : lastChangeDocument(lastChange),
    stage: rail?.document ?? null,
    lock,
    notes: notesDocument(notes),
    audit: { path: journal.location, entries: entries.length, finding },
  };
  return { reading, lastChange, rail, lock, notes, finding, document };
}
