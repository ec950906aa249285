import { designEffect } from "./design-effect.ts";
import type { Evidence } from "./evidence.ts";
import { quantileValue } from "./histogram.ts";
import type { Interval } from "./interval.ts";
import { differenceInterval, quantileInterval, ratioInterval } from "./interval.ts";
import { neededTrials } from "./needed.ts";
import { quotient } from "./numbers.ts";
import type { Direction, QuantileSignal, Signal } from "./signal.ts";
import { guardedDirections, line, quantileOf } from "./signal.ts";
import type { Verdict } from "./verdict.ts";
import { judgeSignal } from "./verdict.ts";

/** What is known of a signal now. */
export interface Reading {
  readonly verdict: Verdict;
  /** Where worse than legacy is proven, be it within the margin: which way. */
  readonly direction: Direction | null;
  /**
   * Since the stage began. `abs`: canary − control. `rel`, `ratio`, a quantile: canary ÷ control. No
   * control: the canary's value. `null`: nothing to divide, or to divide by.
   */
  readonly estimate: number | null;
  /** The interval covers the difference that is real with 1 − `beta`, however often one looks. */
  readonly lower: number | null;
  /** `null`: no bound. */
  readonly upper: number | null;
  /** On the estimate's scale; the line on each side that is guarded. */
  readonly margin: { readonly up: number | null; readonly down: number | null };
  /** As the estimate, over about the last five windows: what a late fault shows at once. */
  readonly recent: number | null;
  /** 0 to 1: the lesser of the two bars. 1 is `worse`, given `minHits`. */
  readonly evidence: number;
  /** 0 to 1: how far it is proven that EdgeZero is worse than legacy at all. */
  readonly evidenceWorse: number;
  /** 0 to 1: how far the odds have come that it is beyond the margin. */
  readonly evidenceBeyond: number;
  /** EdgeZero's in this stage. */
  readonly trials: number;
  /** By how many trials twice the margin would have been seen with 90 %. */
  readonly needed: number | null;
  /** EdgeZero's rate or quantile in this stage, and legacy's. */
  readonly canary: number | null;
  readonly control: number | null;
  /** How many hits count as one event: 1 for independent ones. */
  readonly designEffect: number;
  /** Windows that could not be. */
  readonly rejected: number;
}

type Values = Pick<Reading, "estimate" | "recent" | "canary" | "control"> & Interval;

const NO_VALUES: Values = {
  estimate: null,
  recent: null,
  canary: null,
  control: null,
  lower: null,
  upper: null,
};

/** Reads what the windows so far show. Never throws, and changes no argument. Source: VERDICTS, "readSignal". */
export function readSignal(signal: Signal, evidence: Evidence): Reading {
  const effect = designEffect(evidence.spread, evidence.contrast);
  const judgement = judgeSignal(signal, evidence);
  const evidenceWorse = clampBar(judgement.evidenceWorse);
  const evidenceBeyond = clampBar(judgement.evidenceBeyond);
  return {
    verdict: judgement.verdict,
    direction: judgement.direction,
    ...valuesOf(signal, evidence, effect),
    margin: marginLines(signal, evidence),
    evidence: Math.min(evidenceWorse, evidenceBeyond),
    evidenceWorse,
    evidenceBeyond,
    trials: evidence.sums.canaryTrials,
    needed: neededTrials(signal, evidence, effect),
    designEffect: effect,
    rejected: evidence.rejected,
  };
}

function clampBar(bar: number): number {
  return Math.min(1, Math.max(0, bar));
}

function marginLines(signal: Signal, { alone }: Evidence): Reading["margin"] {
  if (alone) return { up: signal.ceiling ?? null, down: null };
  const guarded = guardedDirections(signal);
  const of = (direction: Direction): number | null =>
    guarded.includes(direction) ? line(signal.margin, direction) : null;
  return { up: of("up"), down: of("down") };
}

function valuesOf(signal: Signal, evidence: Evidence, effect: number): Values {
  if (!(evidence.sums.canaryTrials > 0)) return NO_VALUES;
  return signal.kind === "rate"
    ? rateValues(signal, evidence)
    : quantileValues(signal, evidence, effect);
}

function rateValues(signal: Signal, evidence: Evidence): Values {
  const { alone, sums, recent, spread } = evidence;
  const isDifference = "abs" in signal.margin;
  const canary = quotient(sums.canaryHits, sums.canaryTrials);
  const control = alone ? null : quotient(sums.controlHits, sums.controlTrials);
  const recentCanary = quotient(recent.hits, recent.trials);
  const recentControl = alone ? null : quotient(spread.hits, spread.trials);
  const compare = alone ? (value: number | null) => value : isDifference ? difference : ratio;
  return {
    estimate: compare(canary, control),
    recent: compare(recentCanary, recentControl),
    canary,
    control,
    ...(alone || isDifference
      ? differenceInterval(signal, evidence)
      : ratioInterval(signal, evidence)),
  };
}

function quantileValues(signal: QuantileSignal, evidence: Evidence, effect: number): Values {
  const { alone, histogram } = evidence;
  const valueOf = (buckets: readonly number[] = []): number | null =>
    quantileValue(buckets, signal.bounds, quantileOf(signal));
  const canary = valueOf(histogram?.canary);
  const control = alone ? null : valueOf(histogram?.control);
  const recentCanary = valueOf(histogram?.recentCanary);
  return {
    estimate: alone ? canary : ratio(canary, control),
    recent: alone ? recentCanary : ratio(recentCanary, valueOf(histogram?.recentControl)),
    canary,
    control,
    ...quantileInterval(signal, evidence, effect),
  };
}

function difference(canary: number | null, control: number | null): number | null {
  return canary === null || control === null ? null : canary - control;
}

function ratio(canary: number | null, control: number | null): number | null {
  return canary === null || control === null ? null : quotient(canary, control);
}
