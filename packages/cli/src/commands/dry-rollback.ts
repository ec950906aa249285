import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import { blastRadius } from "@edgezero/operations/change/blast-radius";
import { readingOf } from "@edgezero/operations/reading";
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
    const to = {
      [EDGEZERO_ROLLOUT_PCT_KEY]: "0",
      ...(options.disable === true && { [EDGEZERO_ENABLED_KEY]: "false" }),
    };
    return dryRunOutcome(context, { before, to, radius });
  });
}
