import { merged, quantileValue, total } from "../statistics/histogram.ts";
import { quotient } from "../statistics/numbers.ts";
import type { Counts, Histogram, Signal } from "../statistics/index.ts";
import { quantileOf } from "../statistics/signal.ts";

const HOUR_MS = 3_600_000;
const HOURS_OF_A_DAY = 24;
/** As many days are remembered. */
const DAYS = 7;

/** One hour of legacy's: the hour since the epoch, the rate or the quantile, and the trials. */
export type HourOfLegacy = readonly [hour: number, value: number, trials: number];

/**
 * What legacy did, for an operator to compare with where no legacy is left. It decides nothing. Its size
 * is bounded: one row an hour for a week.
 */
export interface Advisory {
  /** Legacy beside the earlier stages of this rollout. `null`: nothing was counted yet. */
  readonly earlier: Counts | Histogram | null;
  /** The hour that is being counted. */
  readonly hour: { readonly number: number; readonly counts: Counts | Histogram } | null;
  /** The hours before it, oldest first. */
  readonly hours: readonly HourOfLegacy[];
}

export const NO_ADVISORY: Advisory = { earlier: null, hour: null, hours: [] };

/** Takes legacy's counts of a window that ended at `to`. `isExposed`: beside EdgeZero. */
export function learnAdvisory(
  signal: Signal,
  before: Advisory,
  counts: Counts | Histogram,
  { to, isExposed }: { readonly to: number; readonly isExposed: boolean },
): Advisory {
  const number = Math.floor((to - 1) / HOUR_MS);
  const isSame = before.hour?.number === number;
  return {
    earlier: isExposed ? addCounts(before.earlier, counts) : before.earlier,
    hour: { number, counts: addCounts(isSame ? (before.hour?.counts ?? null) : null, counts) },
    hours: isSame ? before.hours : withHour(signal, before, number),
  };
}

function withHour(signal: Signal, { hour, hours }: Advisory, number: number): Advisory["hours"] {
  const value = hour === null ? null : valueOf(signal, hour.counts);
  const added: HourOfLegacy[] =
    hour === null || value === null
      ? []
      : [[hour.number, shortened(value), shortened(trialsOf(hour.counts))]];
  const oldest = number - DAYS * HOURS_OF_A_DAY;
  return [...hours, ...added].filter(([of]) => of >= oldest);
}

/** Six digits are enough to look at, and keep the state small. */
function shortened(value: number): number {
  return Number(value.toPrecision(6));
}

function addCounts(
  before: Counts | Histogram | null,
  added: Counts | Histogram,
): Counts | Histogram {
  if (before === null) return added;
  if ("buckets" in added) {
    return "buckets" in before ? { buckets: merged(added.buckets, before.buckets, 1) } : added;
  }
  if ("buckets" in before) return added;
  return { trials: before.trials + added.trials, hits: before.hits + added.hits };
}

function trialsOf(counts: Counts | Histogram): number {
  return "buckets" in counts ? total(counts.buckets) : counts.trials;
}

function valueOf(signal: Signal, counts: Counts | Histogram): number | null {
  if ("buckets" in counts) {
    return signal.kind === "quantile"
      ? quantileValue(counts.buckets, signal.bounds, quantileOf(signal))
      : null;
  }
  return quotient(counts.hits, counts.trials);
}

/** Legacy's value in some time that is past. */
export interface AdvisoryValue {
  /** A rate, or a quantile in the unit of the bounds. */
  readonly value: number;
  readonly trials: number;
}

/** What an operator may compare with. */
export interface ExplainedAdvisory {
  /** Legacy beside the earlier stages of this rollout. */
  readonly earlier: AdvisoryValue | null;
  /** The same hour of the days before, of which so many are known: their mean by trials. */
  readonly sameHour: (AdvisoryValue & { readonly days: number }) | null;
}

/** Reads what legacy did in earlier stages, and at this hour of the 7 days before. */
export function readAdvisory(signal: Signal, advisory: Advisory, now: number): ExplainedAdvisory {
  const { earlier, hours } = advisory;
  const value = earlier === null ? null : valueOf(signal, earlier);
  return {
    earlier: earlier === null || value === null ? null : { value, trials: trialsOf(earlier) },
    sameHour: sameHour(hours, Math.floor(now / HOUR_MS)),
  };
}

function sameHour(hours: Advisory["hours"], present: number): ExplainedAdvisory["sameHour"] {
  const same = hours.filter(
    ([hour]) =>
      hour < present &&
      hour >= present - DAYS * HOURS_OF_A_DAY &&
      (present - hour) % HOURS_OF_A_DAY === 0,
  );
  const trials = same.reduce((sum, [, , count]) => sum + count, 0);
  const value = quotient(
    same.reduce((sum, [, rate, count]) => sum + rate * count, 0),
    trials,
  );
  return value === null ? null : { value, trials, days: same.length };
}
