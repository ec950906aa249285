import { blastRadius } from "@edgezero/operations/change/blast-radius";
import { readingOf } from "@edgezero/operations/reading";
import { zeroChanges } from "@edgezero/operations/rollback/zero";
import { withOperation } from "../context.ts";
import type { Outcome, Output } from "../output/output.ts";
import { dryRunOutcome } from "./dry-run.ts";
import type { RollbackOptions } from "./rollback/rollback.ts";

/** `rollback --dry-run`: shows the rollback. It asks no gateway, so it says nothing of them. */
export async function dryRollback(output: Output, options: RollbackOptions): Promise<Outcome> {
  return withOperation(output, options, async (context) => {
    const before = await readingOf(await context.operation.store.read());
    const radius = blastRadius(before.state.rolloutPct, 0);
    output.say(radius);
    const to = zeroChanges(options.disable === true);
    return dryRunOutcome(context, { before, to, radius });
  });
}
