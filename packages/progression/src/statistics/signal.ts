/** How much worse than legacy EdgeZero may be before it counts. */
export type Margin =
  /** A difference of rates: 0.001 is 0.1 percentage points. Rate signals only. */
  | { readonly abs: number }
  /** A share of legacy's value: 0.15 is 15 %. */
  | { readonly rel: number }
  /** A multiple of legacy's value: 2 is twice. */
  | { readonly ratio: number };

/** What every signal states. `startEvidence` refuses a signal whose numbers are out of range. */
export interface SignalOptions {
  /** Names the signal in messages, and in the rates of `preflight`'s traffic. */
  readonly id: string;
  readonly margin: Margin;
  /** The signal's share of the rollout's chance of a false rollback, between 0 and 1. See `splitAlpha`. */
  readonly alpha: number;
  /** The chance, between 0 and 1, of `worse` for an EdgeZero within the margin. Default 0.2. */
  readonly gamma?: number;
  /** 1 less the interval's coverage, between 0 and 1. Default 0.05. */
  readonly beta?: number;
  /** Trials of each path in the stage, below which it is `insufficient`. Default 100. */
  readonly minTrials?: number;
  /** Hits in the stage, below which it is never `worse`. Default 5. */
  readonly minHits?: number;
  /**
   * The highest rate, or the longest quantile in the unit of `bounds`, that is allowed where there is
   * no control. Only with `worse: "up"`. Default: nothing is proven bad without a control.
   */
  readonly ceiling?: number;
}

/** A share of trials: failures of requests, wins of bids. */
export interface RateSignal extends SignalOptions {
  readonly kind: "rate";
  /** The direction of harm. `both`: any change is harm. */
  readonly worse: "up" | "down" | "both";
}

/** A quantile of latencies that are counted in buckets. */
export interface QuantileSignal extends SignalOptions {
  readonly kind: "quantile";
  readonly worse: "up";
  /** Between 0 and 1. Default 0.95. */
  readonly quantile?: number;
  /** Upper bounds of all buckets but the last, which has no bound. Ascending, above 0, any one unit. */
  readonly bounds: readonly number[];
}

export type Signal = RateSignal | QuantileSignal;

/** A way in which EdgeZero can differ from legacy. */
export type Direction = "up" | "down";

const GUARDED: Readonly<Record<Signal["worse"], readonly Direction[]>> = {
  up: ["up"],
  down: ["down"],
  both: ["up", "down"],
};

/** The directions that are harm, `up` before `down`. */
export function guardedDirections({ worse }: Signal): readonly Direction[] {
  return GUARDED[worse];
}

export const OPPOSITE: Readonly<Record<Direction, Direction>> = { up: "down", down: "up" };

/** Default 0.2 of `gamma`, and the like: one home for what an option means where it is left out. */
export function gammaOf({ gamma = 0.2 }: Signal): number {
  return gamma;
}

export function betaOf({ beta = 0.05 }: Signal): number {
  return beta;
}

export function minTrialsOf({ minTrials = 100 }: Signal): number {
  return minTrials;
}

export function minHitsOf({ minHits = 5 }: Signal): number {
  return minHits;
}

export function quantileOf({ quantile = 0.95 }: QuantileSignal): number {
  return quantile;
}

/**
 * Where the margin ends in a direction: a difference from legacy for `abs`, else a multiple of legacy.
 * Source: VERDICTS, `line(d)`.
 */
export function line(margin: Margin, direction: Direction): number {
  const isUp = direction === "up";
  if ("abs" in margin) return isUp ? margin.abs : -margin.abs;
  if ("rel" in margin) return isUp ? 1 + margin.rel : 1 - margin.rel;
  return isUp ? margin.ratio : 1 / margin.ratio;
}

/** Twice as far as the margin, on the scale of `line`; a multiple of legacy is never below 0. */
export function twiceLine(margin: Margin, direction: Direction): number {
  const once = line(margin, direction);
  return "abs" in margin ? 2 * once : Math.max(0, 1 + 2 * (once - 1));
}
