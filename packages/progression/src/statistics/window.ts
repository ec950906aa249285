import type { Signal } from "./signal.ts";

/** Counts of a rate. */
export interface Counts {
  readonly trials: number;
  /** At most `trials`. */
  readonly hits: number;
}

/** Counts of a quantile. */
export interface Histogram {
  /** How many in each bucket, not cumulative; one more than the signal's `bounds`. */
  readonly buckets: readonly number[];
}

/** What was counted in one interval of time, on both paths. All windows of a rollout have one length. */
export interface SignalWindow {
  /** Another text than in the window before begins a stage. */
  readonly stage: string;
  /** EdgeZero's counts. */
  readonly canary: Counts | Histogram;
  /**
   * Legacy's counts. `null`: there is no control by design (100 %). A control that is missing by fault
   * is no window at all.
   */
  readonly control: Counts | Histogram | null;
}

/** The highest count that a window may have: whole numbers up to it are exact. */
const HIGHEST_COUNT: number = 2 ** 53;

/** Whether a window can be: counts in order, of the signal's shape. Total: any JSON-like value. */
export function isWindow(signal: Signal, window: SignalWindow): boolean {
  const { stage, canary, control } = (window ?? {}) as Partial<SignalWindow>;
  if (typeof stage !== "string") return false;
  return isCounted(signal, canary) && (control === null || isCounted(signal, control));
}

function isCounted(signal: Signal, counted: unknown): boolean {
  const { trials, hits, buckets } = (counted ?? {}) as Partial<Counts & Histogram>;
  if (signal.kind === "rate") return isCount(trials) && isCount(hits) && hits <= trials;
  return areBuckets(buckets, signal.bounds.length + 1);
}

function areBuckets(buckets: unknown, length: number): boolean {
  if (!Array.isArray(buckets) || buckets.length !== length) return false;
  for (let i = 0; i < length; i += 1) if (!isCount(buckets[i])) return false;
  return true;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= HIGHEST_COUNT;
}
