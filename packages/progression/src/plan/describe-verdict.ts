import type { GateReason, Verdict } from "./gate.ts";
import { leftText } from "./span.ts";

/** The words for each verdict on a change to `to`, without a full stop. */
const WORDS: Readonly<Record<GateReason, (verdict: Verdict, to: number) => string>> = {
  "not-raised": ({ fromPct }, to) => `${to}% is not above ${fromPct}%`,
  "within-plan": ({ fromPct }, to) => `the plan allows ${to}% after ${fromPct}%`,
  "skips-stage": (verdict, to) => {
    const { fromPct, nextStagePct, leftMs } = verdict;
    const skip = `${to}% is more than one stage of the plan up from ${fromPct}%: the next stage is ${nextStagePct}%`;
    return leftMs > 0 ? `${skip}, and ${holdText(verdict)}` : skip;
  },
  "hold-not-over": holdText,
};

/** Says why a change to `to` is allowed or not, in one sentence without a full stop. Pure. */
export function describeVerdict(verdict: Verdict, to: number): string {
  return WORDS[verdict.why](verdict, to);
}

function holdText({ fromPct, stage, isDated, leftMs }: Verdict): string {
  const hold = `the plan holds ${fromPct}% for ${stage?.hold}`;
  return isDated
    ? `${hold}: ${leftText(leftMs)} left`
    : `${hold}; no usable record says since when, so the hold begins now`;
}
