import type { Note } from "@edgezero/operations/journal/notes";
import type { Reading } from "@edgezero/operations/reading";
import { meaningOf } from "@edgezero/operations/reading";
import { isSameValues } from "@edgezero/stores/stored-values";
import type { Context } from "../context.ts";
import type { Outcome } from "../output/output.ts";

/** A command that writes, after its change. */
export interface DoneChange {
  readonly context: Context;
  readonly before: Reading;
  readonly after: Reading;
  readonly radius: string;
  readonly notes: readonly Note[];
}

/** A reading as every JSON document has it. */
export function readingDocument({ values, state }: Reading): Record<string, unknown> {
  return { values, state };
}

/** Notes as every JSON document has them, under the name `notices`. */
export function notesDocument(notes: readonly Note[]): Record<string, unknown>[] {
  return notes.map(({ kind, text }) => ({ kind, text }));
}

/** The outcome of a change that was written and read back, or that had nothing to write. */
export function changeOutcome({ context, before, after, radius, notes }: DoneChange): Outcome {
  const { output, target, operation } = context;
  const { store } = operation;
  const { good, warn } = output.paint;
  const isWritten = !isSameValues(before.values, after.values);
  const lines = [
    ...notes.map(({ text }) => warn(`note: ${text}`)),
    isWritten
      ? `${good("written and read back")}: ${meaningOf(after)}`
      : `nothing to write: ${meaningOf(after)}`,
  ];
  if (isWritten) lines.push(`How it reaches the gateways: ${store.propagation}.`);
  return {
    document: {
      store: store.location,
      environment: target.environment,
      written: isWritten,
      before: readingDocument(before),
      after: readingDocument(after),
      blastRadius: radius,
      notices: notesDocument(notes),
    },
    text: lines.join("\n"),
  };
}
