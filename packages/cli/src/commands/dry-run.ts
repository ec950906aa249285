import type { ShownChange } from "@edgezero/operations/change/document";
import { dryRunDocument, dryRunText } from "@edgezero/operations/change/document";
import type { Context } from "../context.ts";
import type { Outcome } from "../output/output.ts";

/** The outcome of `--dry-run`: shows the change. Neither store nor trail nor lock was touched. */
export function dryRunOutcome({ target, operation }: Context, change: ShownChange): Outcome {
  const { location } = operation.store;
  return {
    document: dryRunDocument(location, target.environment, change),
    text: dryRunText(location, change),
  };
}
