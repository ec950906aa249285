import type { Counts } from "../../src/index.ts";
import type { Rule } from "./rollout.ts";
import { WINDOW } from "./site.ts";

/** The runbook's margin of failures: 0.1 points. */
const MARGIN = 0.001;

/** Both paths in an interval. */
interface Interval {
  readonly canary: Counts;
  readonly control: Counts;
}

const NOTHING: Counts = { trials: 0, hits: 0 };

function sum(a: Counts, b: Counts): Counts {
  return { trials: a.trials + b.trials, hits: a.hits + b.hits };
}

function rate({ trials, hits }: Counts): number {
  return trials > 0 ? hits / trials : 0;
}

/** Judges whole intervals of so many minutes. An interval that a stage's end cuts short is dropped. */
function everyMinutes(
  minutes: number,
  judge: (interval: Interval, stageBegins: boolean) => boolean,
): Rule {
  const windows = (minutes * 60) / WINDOW;
  let [stage, seen, isFirst] = [-1, 0, true];
  let so: Interval = { canary: NOTHING, control: NOTHING };
  return {
    add: (ofStage, canary, control) => {
      if (ofStage !== stage) {
        [stage, seen, isFirst] = [ofStage, 0, true];
        so = { canary: NOTHING, control: NOTHING };
      }
      so = { canary: sum(so.canary, canary), control: sum(so.control, control) };
      seen += 1;
      if (seen < windows) return false;
      const verdict = judge(so, isFirst);
      [seen, isFirst] = [0, false];
      so = { canary: NOTHING, control: NOTHING };
      return verdict;
    },
  };
}

function isBeyond({ canary, control }: Interval): boolean {
  return canary.trials > 0 && rate(canary) - rate(control) > MARGIN;
}

/** The runbook's line by the letter: beyond the margin in one interval. */
export function literalRule(minutes: number): Rule {
  return everyMinutes(minutes, isBeyond);
}

/** So many minutes beyond the margin, one after the other. Source: Flagger's and Argo's consecutive limits. */
export function inARowRule(limit: number): Rule {
  let row = 0;
  return everyMinutes(1, (interval, stageBegins) => {
    row = isBeyond(interval) ? (stageBegins ? 1 : row + 1) : 0;
    return row >= limit;
  });
}

/** So many minutes beyond the margin in one stage. Source: `threshold` of Flagger, `failureLimit` of Argo Rollouts. */
export function inAStageRule(limit: number): Rule {
  let failed = 0;
  return everyMinutes(1, (interval, stageBegins) => {
    if (stageBegins) failed = 0;
    if (isBeyond(interval)) failed += 1;
    return failed >= limit;
  });
}

/** Kept intervals, the newest last. */
function lastOf<T>(limit: number): (item: T | null) => readonly T[] {
  let items: T[] = [];
  return (item) => {
    items = item === null ? [] : [...items, item].slice(-limit);
    return items;
  };
}

/** The alert `EdgeZeroErrors` of ops/prometheus/edgezero.rules.yml: ten minutes, for one minute. */
export function alertRule(): Rule {
  const lastTen = lastOf<Interval>(10);
  let firing = 0;
  return everyMinutes(1, (interval) => {
    const minutes = lastTen(interval);
    const canary = minutes.map((minute) => minute.canary).reduce(sum);
    const control = minutes.map((minute) => minute.control).reduce(sum);
    const pooled = rate(sum(canary, control));
    const noise = 3 * Math.sqrt(pooled * (1 - pooled) * (1 / canary.trials + 1 / control.trials));
    const difference = rate(canary) - rate(control);
    const fires =
      difference > MARGIN &&
      difference > noise &&
      canary.trials >= 100 &&
      canary.hits >= 10 &&
      control.trials >= 1000;
    firing = fires ? firing + 1 : 0;
    return firing >= 2;
  });
}

/** Samples for which the asymptotic sequence is the narrowest. Source: GrowthBook's default. */
const TUNING = 5000;
const ALPHA = 0.05;

/**
 * An asymptotic confidence sequence anew in each stage, looked at each minute. Source: GrowthBook,
 * `sequential_interval_halfwidth`; Waudby-Smith et al. (2021), "Time-uniform central limit theory".
 */
export function sequentialRule(): Rule {
  let so: Interval = { canary: NOTHING, control: NOTHING };
  const rho = Math.sqrt((-2 * Math.log(ALPHA) + Math.log(-2 * Math.log(ALPHA) + 1)) / TUNING);
  return everyMinutes(1, (interval, stageBegins) => {
    so = stageBegins
      ? interval
      : { canary: sum(so.canary, interval.canary), control: sum(so.control, interval.control) };
    const { canary, control } = so;
    if (canary.trials === 0 || control.trials === 0) return false;
    const n = canary.trials + control.trials;
    const [p, q] = [rate(canary), rate(control)];
    const variance = n * ((p * (1 - p)) / canary.trials + (q * (1 - q)) / control.trials);
    const scale = n * rho ** 2 + 1;
    const halfWidth =
      Math.sqrt(variance) *
      Math.sqrt((2 * scale * Math.log(Math.sqrt(scale) / ALPHA)) / (n * rho) ** 2);
    return p - q > halfWidth;
  });
}

/** Every so many minutes. */
const LOOK_EVERY = 10;
/** Minutes that are compared at most: the differences of each with each are sorted. */
const MOST_MINUTES = 60;
/** Normal quantile of a confidence of 98 %, and the part of the shift that is tolerated. */
const Z = 2.3263;
const TOLERANCE = 0.25;

/**
 * Mann-Whitney on rates per minute, every ten minutes on at most the last hour of a stage. Source: Kayenta,
 * `MannWhitneyClassifier`: worse where the interval of the shift lies above a quarter of the shift.
 */
export function mannWhitneyRule(): Rule {
  const kept = lastOf<readonly [number, number]>(MOST_MINUTES);
  let minutes = 0;
  return everyMinutes(1, ({ canary, control }, stageBegins) => {
    if (stageBegins) {
      kept(null);
      minutes = 0;
    }
    const rates = kept([rate(canary), rate(control)]);
    minutes += 1;
    return minutes % LOOK_EVERY === 0 && isShifted(rates);
  });
}

function isShifted(rates: readonly (readonly [number, number])[]): boolean {
  const n = rates.length;
  const shifts = Float64Array.from(rates.flatMap(([p]) => rates.map(([, q]) => p - q))).toSorted();
  const below = Math.floor((n * n) / 2 - Z * Math.sqrt((n * n * (2 * n + 1)) / 12));
  const middle = shifts[Math.floor(shifts.length / 2)] ?? 0;
  const lower = shifts[Math.max(0, below)] ?? 0;
  return middle > 0 && lower > TOLERANCE * middle;
}
