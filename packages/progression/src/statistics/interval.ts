import { gain, shareOf } from "./bet.ts";
import type { Evidence } from "./evidence.ts";
import { above, total } from "./histogram.ts";
import { bisect, logSum, quotient } from "./numbers.ts";
import { ratiosOf } from "./ratios.ts";
import type { Direction, QuantileSignal, Signal } from "./signal.ts";
import { betaOf, quantileOf } from "./signal.ts";
import { payoffAt } from "./verdict.ts";

/** The ends of an interval that holds at all times at once. `null`: no bound. */
export interface Interval {
  readonly lower: number | null;
  readonly upper: number | null;
}

/** How far the log of a ratio is looked for, either way. */
const WIDEST_LOG = 16;

/**
 * EdgeZero's rate less legacy's, −1 to 1; without a control EdgeZero's rate, 0 to 1.
 * Source: VERDICTS, "readSignal", *Difference*.
 */
export function differenceInterval(signal: Signal, evidence: Evidence): Interval {
  const ratios = ratiosOf(signal);
  const threshold = Math.log(2 / betaOf(signal));
  const least = evidence.alone ? 0 : -1;
  const excludes = (direction: Direction, delta: number): boolean =>
    payoffAt(ratios[direction], evidence, direction, delta) >= threshold;
  return {
    lower: excludes("up", least) ? bisect(least, 1, (delta) => excludes("up", delta)) : least,
    upper: excludes("down", 1) ? bisect(1, least, (delta) => excludes("down", delta)) : 1,
  };
}

/** EdgeZero's rate as a multiple of legacy's. Source: VERDICTS, "readSignal", *Ratio*. */
export function ratioInterval(signal: Signal, { effective }: Evidence): Interval {
  const ratios = ratiosOf(signal);
  const threshold = Math.log(2 / betaOf(signal));
  const { canaryHits, canaryTrials, controlHits, controlTrials } = effective;
  const excludes = (direction: Direction, logRatio: number): boolean => {
    const share = shareOf(canaryTrials, controlTrials / Math.exp(logRatio));
    const logs = ratios[direction].map(
      (ratio) => ratio.logWeight + gain(ratio, share, canaryHits, controlHits),
    );
    return logSum(logs) >= threshold;
  };
  const end = (direction: Direction, from: number): number =>
    Math.exp(bisect(from, -from, (logRatio) => excludes(direction, logRatio)));
  return {
    lower: excludes("up", -WIDEST_LOG) ? end("up", -WIDEST_LOG) : 0,
    upper: excludes("down", WIDEST_LOG) ? end("down", WIDEST_LOG) : null,
  };
}

/**
 * EdgeZero's quantile as a multiple of legacy's; without a control EdgeZero's own, in the unit of `bounds`.
 * Source: VERDICTS, "readSignal", *Quantile of a histogram*.
 */
export function quantileInterval(
  signal: QuantileSignal,
  { alone, histogram }: Evidence,
  effect: number,
): Interval {
  const canary = quantileBounds(signal, histogram?.canary ?? [], effect);
  if (alone) return canary;
  const control = quantileBounds(signal, histogram?.control ?? [], effect);
  const lower = divided(canary.lower, control.upper);
  return { lower: lower ?? 0, upper: divided(canary.upper, control.lower) };
}

function divided(dividend: number | null, divisor: number | null): number | null {
  return dividend === null || divisor === null ? null : quotient(dividend, divisor);
}

/** Between which bounds the quantile of one path lies: each bound is a rate that is known by its definition. */
function quantileBounds(
  signal: QuantileSignal,
  buckets: readonly number[],
  effect: number,
): Interval {
  const { bounds } = signal;
  const ratios = ratiosOf(signal);
  const threshold = Math.log(4 / betaOf(signal));
  const expected = total(buckets) * (1 - quantileOf(signal));
  const excludes = (direction: Direction, index: number): boolean => {
    const k = above(buckets, index);
    const logs = ratios[direction].map(
      ({ log, excess, logWeight }) => logWeight + (k * log - expected * excess) / effect,
    );
    return logSum(logs) >= threshold;
  };
  return {
    lower: bounds.findLast((_, index) => excludes("up", index)) ?? null,
    upper: bounds.find((_, index) => excludes("down", index)) ?? null,
  };
}
