import type { Reading } from "@edgezero/operations/reading";
import { valuesText } from "@edgezero/operations/reading";
import type { Changes } from "@edgezero/stores/operator-store";
import type { Context } from "../context.ts";
import type { Outcome } from "../output/output.ts";
import { readingDocument } from "./change-outcome.ts";

/** A change that is shown and not made. */
export interface DryRun {
  readonly before: Reading;
  readonly to: Changes;
  readonly radius: string;
}

/** The outcome of `--dry-run`: shows the change. Neither store nor trail nor lock was touched. */
export function dryRunOutcome({ target, operation }: Context, dryRun: DryRun): Outcome {
  const { before, to, radius } = dryRun;
  const { location } = operation.store;
  const isSame = Object.keys(to).length === 0;
  const what = isSame ? "there is nothing to write" : `this would be written: ${changesText(to)}`;
  return {
    document: {
      store: location,
      environment: target.environment,
      written: false,
      dryRun: true,
      before: readingDocument(before),
      to,
      blastRadius: radius,
    },
    text: `dry run, nothing was written. In ${location}, ${what}; it has ${valuesText(before.values)}`,
  };
}

function changesText(to: Changes): string {
  return Object.entries(to)
    .map(([key, value]) => `${key} ${JSON.stringify(value)}`)
    .join(", ");
}
