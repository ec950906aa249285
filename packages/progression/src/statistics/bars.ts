import type { Evidence } from "./evidence.ts";
import { ratiosOf } from "./ratios.ts";
import type { Direction, Signal } from "./signal.ts";
import { betaOf, gammaOf, guardedDirections, minHitsOf, minTrialsOf } from "./signal.ts";
import { decisiveHits, decisiveTrials, leadingDirection, pot, proofOfHealth } from "./verdict.ts";

/** A number that is compared with a limit. */
export interface Bar {
  readonly value: number;
  /** The limit: reached where `value` is at least as much. */
  readonly needed: number;
}

/**
 * The numbers that a verdict is a comparison of. `worse`: `worse`, `beyond` and `hits` are all reached.
 * Otherwise `insufficient` where `trials` is not reached, `not-worse` where every bar of `healthy` is, and
 * else `undecided`.
 */
export interface Bars {
  /** Log of what the purse became in bets against "EdgeZero is no worse than legacy". */
  readonly worse: Bar;
  /** The same against "EdgeZero is within the margin". */
  readonly beyond: Bar;
  /** EdgeZero's hits in this stage, or legacy's at as many trials where fewer hits are the harm. */
  readonly hits: Bar;
  /** Trials in this stage of the path with fewer of them. */
  readonly trials: Bar;
  /**
   * Log of what the bets against "EdgeZero is at or beyond the margin" became in this stage, by each
   * guarded direction. Empty where there is no legacy, or nothing was compared in this stage.
   */
  readonly healthy: Readonly<Partial<Record<Direction, Bar>>>;
  /** The alternatives that are bet on, and the part of the stake on each. Those of `down` are reciprocals. */
  readonly ratios: readonly { readonly ratio: number; readonly weight: number }[];
}

/** Reads the numbers that `judgeSignal` compares. Never throws, and changes no argument. */
export function barsOf(signal: Signal, evidence: Evidence): Bars {
  const isCompared = !evidence.alone && evidence.stageWindow > 0;
  const healthy = guardedDirections(signal).map((direction) => [
    direction,
    { value: proofOfHealth(signal, evidence, direction), needed: Math.log(2 / betaOf(signal)) },
  ]);
  return {
    worse: { value: pot(evidence, "worse"), needed: -Math.log(signal.alpha) },
    beyond: { value: pot(evidence, "beyond"), needed: -Math.log(gammaOf(signal)) },
    hits: {
      value: decisiveHits(evidence, leadingDirection(signal, evidence)),
      needed: minHitsOf(signal),
    },
    trials: { value: decisiveTrials(evidence), needed: minTrialsOf(signal) },
    healthy: isCompared ? Object.fromEntries(healthy) : {},
    ratios: ratiosOf(signal).up.map(({ ratio, logWeight }) => ({
      ratio,
      weight: Math.exp(logWeight),
    })),
  };
}
