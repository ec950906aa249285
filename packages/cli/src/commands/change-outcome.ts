import type { Notice } from "@edgezero/operations/journal/notices";
import type { Outcome } from "../output/output.ts";
import type { Reading } from "@edgezero/operations/reading";
import { isSameValues } from "@edgezero/stores/stored-values";
import { meaningOf } from "@edgezero/operations/reading";
import type { Session } from "../session.ts";

/** What a command that writes has done. */
export interface DoneChange {
  readonly session: Session;
  readonly before: Reading;
  readonly after: Reading;
  readonly radius: string;
  readonly notices: readonly Notice[];
}

/** A reading as every JSON document has it. */
export function readingDocument({ values, state }: Reading): Record<string, unknown> {
  return { values, state };
}

/** The outcome of a change that was written and read back, or that had nothing to write. */
export function changeOutcome({ session, before, after, radius, notices }: DoneChange): Outcome {
  const { output, store, target } = session;
  const { good, warn } = output.paint;
  const isWritten = !isSameValues(before.values, after.values);
  const lines = [
    ...notices.map(({ text }) => warn(`note: ${text}`)),
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
      notices: notices.map(({ kind, text }) => ({ kind, text })),
    },
    text: lines.join("\n"),
  };
}
