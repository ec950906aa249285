import { checkSignal } from "./check-signal.ts";
import type { Contrast, Spread } from "./design-effect.ts";
import { LOG_LIMIT } from "./numbers.ts";
import type { Direction, Signal } from "./signal.ts";
import { guardedDirections } from "./signal.ts";

/** Eight numbers for each direction, by ratio. */
export type ByDirection = Readonly<Record<Direction, readonly number[]>>;
export type ByGuardedDirection = Readonly<Partial<ByDirection>>;

/** Hits and trials of both paths. */
export interface Sums {
  readonly canaryHits: number;
  readonly canaryTrials: number;
  readonly controlHits: number;
  readonly controlTrials: number;
}

/** Net winnings of the bets of a stage, and what each unit of difference costs them. By ratio. */
export interface Payoff {
  readonly payoff: readonly number[];
  readonly cost: readonly number[];
}

/** Buckets: of the stage, and of about the last five windows, fading. */
export interface Histograms {
  readonly canary: readonly number[];
  readonly control: readonly number[];
  readonly recentCanary: readonly number[];
  readonly recentControl: readonly number[];
}

/**
 * All that is known of one signal: plain JSON of bounded size, every number finite. Only the functions of
 * this package read or make it; others store it. Source: VERDICTS, "State".
 */
export interface Evidence {
  readonly version: 1;
  /** Windows that compared something. */
  readonly windows: number;
  /** Windows that could not be. */
  readonly rejected: number;
  /** `null` until a window compares something. */
  readonly stage: string | null;
  /** Whether there is no control, by design. */
  readonly alone: boolean;
  /** Windows that compared something in this stage. */
  readonly stageWindow: number;
  /** The part of the purse for later stages, 0 to 1. */
  readonly reserve: number;
  /** The part of the purse for later windows of this stage, 0 to 1. */
  readonly later: number;
  /** Logs of what the stakes against "EdgeZero is no worse" have become. Guarded directions only. */
  readonly worse: ByGuardedDirection;
  /** The same against "EdgeZero is within the margin". */
  readonly beyond: ByGuardedDirection;
  /** Of the stage. */
  readonly sums: Sums;
  /** Of the stage; each window's divided by its design effect. */
  readonly effective: Sums;
  /** EdgeZero's hits and trials, fading. */
  readonly recent: { readonly hits: number; readonly trials: number };
  /** Of the stage; both directions always. */
  readonly interval: Readonly<Record<Direction, Payoff>>;
  /** Of the stage: logs of the bets against "EdgeZero is beyond the margin", which has no difference. */
  readonly within: ByGuardedDirection;
  /** Legacy's hits, window by window. */
  readonly spread: Spread;
  /** EdgeZero's part of all hits, window by window. */
  readonly contrast: Contrast;
  /** Of a quantile only. */
  readonly histogram?: Histograms;
}

const NO_SUMS: Sums = { canaryHits: 0, canaryTrials: 0, controlHits: 0, controlTrials: 0 };
const ZEROS: readonly number[] = Array.from({ length: 8 }, () => 0);
const NOTHING: readonly number[] = Array.from({ length: 8 }, () => -LOG_LIMIT);

/**
 * Evidence before the first window: the whole purse, and nothing learned.
 *
 * @throws RangeError where the signal cannot be judged.
 */
export function startEvidence(signal: Signal): Evidence {
  checkSignal(signal);
  const evidence = {
    version: 1,
    windows: 0,
    rejected: 0,
    stage: null,
    alone: false,
    stageWindow: 0,
    reserve: 1,
    later: 0,
    worse: guarded(signal, NOTHING),
    beyond: guarded(signal, NOTHING),
    recent: { hits: 0, trials: 0 },
    spread: { hits: 0, trials: 0, squares: 0, expected: 0, windows: 0 },
    contrast: { canaryHits: 0, hits: 0, squares: 0, expected: 0 },
    ...emptyStage(signal),
  } as const;
  if (signal.kind === "rate") return evidence;
  const empty = emptyBuckets(signal.bounds);
  const histogram = { canary: empty, control: empty, recentCanary: empty, recentControl: empty };
  return { ...evidence, histogram };
}

/**
 * The start again, for a new version or after a rollback: a whole purse and no evidence, but how
 * clustered failures are, and how fast legacy is, stay learned.
 *
 * @throws RangeError where the signal cannot be judged.
 */
export function restartEvidence(signal: Signal, evidence: Evidence): Evidence {
  const { spread, contrast } = evidence;
  const start = startEvidence(signal);
  const kept = { ...start, spread, contrast };
  if (start.histogram === undefined || evidence.histogram === undefined) return kept;
  const { recentControl } = evidence.histogram;
  return { ...kept, histogram: { ...start.histogram, recentControl } };
}

/** Evidence as it is when a stage begins: its numbers are those of no window yet, and what was learned stays. */
export function withoutStage(signal: Signal, evidence: Evidence): Evidence {
  const next = { ...evidence, ...emptyStage(signal), stage: null, stageWindow: 0 };
  if (signal.kind === "rate" || evidence.histogram === undefined) return next;
  const empty = emptyBuckets(signal.bounds);
  return { ...next, histogram: { ...evidence.histogram, canary: empty, control: empty } };
}

/** What a stage begins with. */
function emptyStage(signal: Signal): Pick<Evidence, "sums" | "effective" | "interval" | "within"> {
  const empty: Payoff = { payoff: ZEROS, cost: ZEROS };
  return {
    sums: NO_SUMS,
    effective: NO_SUMS,
    interval: { up: empty, down: empty },
    within: guarded(signal, ZEROS),
  };
}

/** No count in any bucket of these bounds. */
function emptyBuckets(bounds: readonly number[]): readonly number[] {
  return Array.from({ length: bounds.length + 1 }, () => 0);
}

function guarded(signal: Signal, values: readonly number[]): ByGuardedDirection {
  return Object.fromEntries(guardedDirections(signal).map((direction) => [direction, values]));
}
