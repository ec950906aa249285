import type { Changes } from "@edgezero/stores/operator-store";
import { isSameValues } from "@edgezero/stores/stored-values";
import type { Note } from "../journal/notes.ts";
import { notesDocument } from "../journal/notes.ts";
import type { Reading } from "../reading.ts";
import { readingDocument, valuesText } from "../reading.ts";

/** A change that is shown and not made. */
export interface ShownChange {
  readonly before: Reading;
  readonly to: Changes;
  readonly radius: string;
}

/** A change that was written and read back, or that had nothing to write. */
export interface MadeChange {
  readonly before: Reading;
  readonly after: Reading;
  readonly radius: string;
  readonly notes: readonly Note[];
}

/** Whether a change had anything to write. */
export function isWritten({ before, after }: Pick<MadeChange, "before" | "after">): boolean {
  return !isSameValues(before.values, after.values);
}

/** A change that was made, as every JSON document has it. */
export function changeDocument(
  store: string,
  environment: string | null,
  change: MadeChange,
): Record<string, unknown> {
  const { before, after, radius, notes } = change;
  return {
    store,
    environment,
    written: isWritten(change),
    before: readingDocument(before),
    after: readingDocument(after),
    blastRadius: radius,
    notes: notesDocument(notes),
  };
}

/** A change that is only shown, as every JSON document has it. */
export function dryRunDocument(
  store: string,
  environment: string | null,
  { before, to, radius }: ShownChange,
): Record<string, unknown> {
  return {
    store,
    environment,
    written: false,
    dryRun: true,
    before: readingDocument(before),
    to,
    blastRadius: radius,
  };
}

/** A change that is only shown, for people. */
export function dryRunText(store: string, { before, to }: ShownChange): string {
  const isSame = Object.keys(to).length === 0;
  const what = isSame ? "there is nothing to write" : `this would be written: ${changesText(to)}`;
  return `dry run, nothing was written. In ${store}, ${what}; it has ${valuesText(before.values)}`;
}

function changesText(to: Changes): string {
  return Object.entries(to)
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
    .join(", ");
}
