import type { Evidence } from "./evidence.ts";
import { above, bucketFrom, bucketUpTo, quantileBucket, total } from "./histogram.ts";
import type { QuantileSignal, RateSignal, Signal } from "./signal.ts";
import { line, quantileOf } from "./signal.ts";
import type { Counts, Histogram, SignalWindow } from "./window.ts";

/** Recent control trials, below which legacy's quantile says too little. Source: VERDICTS, "Constants". */
const ENOUGH_RECENT = 100;

/** A window as a table of two paths by hit and miss. A hit of a quantile is "slower than legacy's quantile". */
export interface Table {
  /** `nc`. */
  readonly canaryTrials: number;
  /** `x`. */
  readonly canaryHits: number;
  /** `xb`: hits of the bet that EdgeZero is beyond the margin. Of a quantile, those slower than it for sure. */
  readonly beyondHits: number;
  /** `xw`: hits of the bet that EdgeZero is within the margin. Of a quantile, all that may be slower than it. */
  readonly withinHits: number;
  readonly control: ControlCounts | null;
  /** The rate that is allowed where there is no control; 0 with a control. `null`: none is known. */
  readonly allowed: number | null;
}

export interface ControlCounts {
  /** `nk`. */
  readonly trials: number;
  /** `y`. */
  readonly hits: number;
  /** Hits that the windows before let expect. */
  readonly foreseen: number;
}

/**
 * A window as a table, with bounds from earlier windows only. Source: VERDICTS, "addWindow", 2.
 *
 * @returns `null` where a quantile has no bound yet to tell slow from fast.
 */
export function tableOf(signal: Signal, evidence: Evidence, window: SignalWindow): Table | null {
  if (signal.kind === "rate") {
    return rateTable(signal, evidence, window.canary as Counts, window.control as Counts | null);
  }
  const canary = (window.canary as Histogram).buckets;
  if (window.control === null) return ceilingTable(signal, canary);
  const recent = evidence.histogram?.recentControl ?? [];
  return quantileTable(signal, recent, canary, (window.control as Histogram).buckets);
}

function rateTable(
  { ceiling }: RateSignal,
  { spread }: Evidence,
  canary: Counts,
  control: Counts | null,
): Table {
  const { trials: canaryTrials, hits } = canary;
  const sides = { canaryTrials, canaryHits: hits, beyondHits: hits, withinHits: hits };
  if (control === null) return { ...sides, control, allowed: ceiling ?? null };
  const foreseen = spread.trials > 0 ? (control.trials * spread.hits) / spread.trials : 0;
  return { ...sides, control: { ...control, foreseen }, allowed: 0 };
}

function quantileTable(
  signal: QuantileSignal,
  recent: readonly number[],
  canary: readonly number[],
  control: readonly number[],
): Table | null {
  const { bounds, margin } = signal;
  const recentTrials = total(recent);
  if (recentTrials < ENOUGH_RECENT) return null;
  const index = quantileBucket(recent, quantileOf(signal));
  const bound = bounds[index];
  if (bound === undefined) return null;
  const limit = line(margin, "up") * bound;
  const beyond = bucketFrom(bounds, limit);
  const trials = total(control);
  return {
    canaryTrials: total(canary),
    canaryHits: above(canary, index),
    beyondHits: beyond === -1 ? 0 : above(canary, beyond),
    withinHits: above(canary, bucketUpTo(bounds, limit)),
    control: {
      trials,
      hits: above(control, index),
      foreseen: (trials * above(recent, index)) / recentTrials,
    },
    allowed: 0,
  };
}

function ceilingTable(signal: QuantileSignal, canary: readonly number[]): Table | null {
  const { bounds, ceiling = Infinity } = signal;
  const index = bucketFrom(bounds, ceiling);
  if (index === -1) return null;
  const hits = above(canary, index);
  return {
    canaryTrials: total(canary),
    canaryHits: hits,
    beyondHits: hits,
    withinHits: hits,
    control: null,
    allowed: 1 - quantileOf(signal),
  };
}

/** Whether both paths can be compared, or EdgeZero with what is allowed. Source: VERDICTS, "addWindow", 3. */
export function isComparable({ canaryTrials, control, allowed }: Table): boolean {
  if (!(canaryTrials > 0)) return false;
  return control === null ? allowed !== null : control.trials > 0;
}
