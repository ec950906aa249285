import { gain, shareOf } from "./bet.ts";
import type { Evidence } from "./evidence.ts";
import { above, total } from "./histogram.ts";
import { logSum, quotient } from "./numbers.ts";
import { ratiosOf } from "./ratios.ts";
import { fallBelowZero } from "./root.ts";
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
  /** At least 0 where the bets in a direction exclude the difference. */
  const excess =
    (direction: Direction) =>
    (delta: number): number =>
      payoffAt(ratios[direction], evidence, direction, delta) - threshold;
  const [up, down] = [excess("up"), excess("down")];
  return {
    lower: up(least) >= 0 ? fallBelowZero(least, 1, up) : least,
    upper: down(1) >= 0 ? fallBelowZero(1, least, down) : 1,
  };
}

/** EdgeZero's rate as a multiple of legacy's. Source: VERDICTS, "readSignal", *Ratio*. */
export function ratioInterval(signal: Signal, { effective }: Evidence): Interval {
  const ratios = ratiosOf(signal);
  const threshold = Math.log(2 / betaOf(signal));
  const { canaryHits, canaryTrials, controlHits, controlTrials } = effective;
  /** At least 0 where the bets in a direction exclude the log of a ratio. */
  const excess =
    (direction: Direction) =>
    (logRatio: number): number => {
      const share = shareOf(canaryTrials, controlTrials / Math.exp(logRatio));
      const logs = ratios[direction].map(
        (ratio) => ratio.logWeight + gain(ratio, share, canaryHits, controlHits),
      );
      return logSum(logs) - threshold;
    };
  const [up, down] = [excess("up"), excess("down")];
  const end = (from: number, of: typeof up): number => Math.exp(fallBelowZero(from, -from, of));
  return {
    lower: up(-WIDEST_LOG) >= 0 ? end(-WIDEST_LOG, up) : 0,
    upper: down(WIDEST_LOG) >= 0 ? end(WIDEST_LOG, down) : null,
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
