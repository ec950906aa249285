import { durationText } from "@edgezero/operations/duration";
import { journalStateOf } from "@edgezero/operations/journal/journal-state";
import type { Verdict } from "@edgezero/progression/plan";
import { gate } from "@edgezero/progression/plan";
import { CliError } from "../../cli-error.ts";
import type { Context } from "../../context.ts";
import type { Output } from "../../output/output.ts";
import type { WriteOptions } from "../write-options.ts";

/** A change as the plan judges it. */
export interface JudgedChange {
  readonly verdict: Verdict;
  /** Whether the trail says when the last change was; otherwise the hold is not known. */
  readonly isDated: boolean;
}

/**
 * Judges a change by the plan; `null` where no plan holds, or the change does not go up. The stored
 * percentage counts, whatever the switch says. Holds are not enforced.
 *
 * @throws CliError where the change skips a stage and is not forced.
 */
export async function judgedChange(
  { target, operation }: Context,
  fromPct: number,
  pct: number,
  isForced: boolean,
): Promise<JudgedChange | null> {
  if (target.plan === null || pct <= fromPct) return null;
  const now = Date.now();
  const content = await operation.journal.read().catch(() => null);
  const at = Date.parse(journalStateOf(content?.entries ?? []).lastChange?.result.at ?? "");
  const isDated = !Number.isNaN(at);
  const changes = [{ at: isDated ? at : now, effective: fromPct }];
  const verdict = gate(target.plan, { changes, now }, pct);
  if (verdict.why === "skips-stage" && !isForced) throw skipsStage(verdict, pct);
  return { verdict, isDated };
}

function skipsStage({ fromPct, nextStagePct }: Verdict, pct: number): CliError {
  return new CliError(
    "refused",
    `${pct}% is more than one stage of the plan up from ${fromPct}%: the next stage is ${nextStagePct}%`,
    {
      hint: "Nothing was written. Go stage by stage, or give --force.",
      details: { nextStagePct },
    },
  );
}

/** Warns where the change cuts the hold of the present stage short. */
export function warnOfHold(output: Output, { verdict, isDated }: JudgedChange): void {
  const { stage, fromPct, heldMs, leftMs } = verdict;
  if (stage === null || !isDated || leftMs === 0) return;
  const text = `the plan holds ${fromPct}% for ${stage.hold}; the last change was ${durationText(heldMs)} ago`;
  output.say(output.errorPaint.warn(text));
}

/** Says that no plan is asked where the store is given and no config file is looked up. */
export function sayIfNoPlan(output: Output, { store, config }: WriteOptions): void {
  if (store === undefined || config !== undefined) return;
  const text = "no plan holds: with --store, no config file is read unless --config names it";
  output.say(output.errorPaint.warn(text));
}
