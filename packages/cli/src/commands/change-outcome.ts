import type { MadeChange } from "@edgezero/operations/change/document";
import { changeDocument, isWritten } from "@edgezero/operations/change/document";
import { meaningOf } from "@edgezero/operations/reading";
import type { Context } from "../context.ts";
import type { Outcome } from "../output/output.ts";

/** A command that writes, after its change. */
export interface DoneChange extends MadeChange {
  readonly context: Context;
}

/** The outcome of a change that was written and read back, or that had nothing to write. */
export function changeOutcome({ context, ...change }: DoneChange): Outcome {
  const { output, target, operation } = context;
  const { store } = operation;
  const { after, notes } = change;
  const { good, warn } = output.paint;
  const lines = [
    ...notes.map(({ text }) => warn(`note: ${text}`)),
    isWritten(change)
      ? `${good("written and read back")}: ${meaningOf(after)}`
      : `nothing to write: ${meaningOf(after)}`,
  ];
  if (isWritten(change)) lines.push(`How it reaches the gateways: ${store.propagation}.`);
  return {
    document: changeDocument(store.location, target.environment, change),
    text: lines.join("\n"),
  };
}
