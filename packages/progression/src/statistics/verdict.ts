import type { Evidence } from "./evidence.ts";
import { logOf, logSum } from "./numbers.ts";
import type { Ratio } from "./ratios.ts";
import { ratiosOf } from "./ratios.ts";
import type { Direction, Signal } from "./signal.ts";
import {
  betaOf,
  gammaOf,
  guardedDirections,
  line,
  minHitsOf,
  minTrialsOf,
  OPPOSITE,
} from "./signal.ts";

/**
 * `worse`: proven, and beyond the margin by five to one. `not-worse`: proven to be within the margin.
 * `undecided`: neither. `insufficient`: too few requests to speak of.
 */
export type Verdict = "worse" | "undecided" | "not-worse" | "insufficient";

/** A verdict and the two bars that it comes from. */
export interface Judgement {
  readonly verdict: Verdict;
  /** Where worse than legacy is proven, be it within the margin: which way. */
  readonly direction: Direction | null;
  /** The bars before they are clamped: a full one is 1 or more. */
  readonly evidenceWorse: number;
  readonly evidenceBeyond: number;
}

/**
 * Judges what is known now: the verdict of `readSignal` at a fiftieth of the time, for callers that need no
 * interval. Not latched: it falls when EdgeZero recovers. Source: VERDICTS, "readSignal".
 */
export function judgeSignal(signal: Signal, evidence: Evidence): Judgement {
  const evidenceWorse = pot(evidence, "worse") / -Math.log(signal.alpha);
  const evidenceBeyond = pot(evidence, "beyond") / -Math.log(gammaOf(signal));
  const direction = leadingDirection(signal, evidence);
  const isWorse =
    evidenceWorse >= 1 &&
    evidenceBeyond >= 1 &&
    decisiveHits(evidence, direction) >= minHitsOf(signal);
  return {
    verdict: isWorse ? "worse" : verdictOfHealth(signal, evidence),
    direction: evidenceWorse >= 1 ? direction : null,
    evidenceWorse,
    evidenceBeyond,
  };
}

/** Whether a signal reads `worse`: a third of the time of the whole judgement, for most windows. */
export function readsWorse(signal: Signal, evidence: Evidence): boolean {
  const isProven = pot(evidence, "worse") / -Math.log(signal.alpha) >= 1;
  return isProven && judgeSignal(signal, evidence).verdict === "worse";
}

/** Log of what the whole purse has become: all bets, and what was not staked yet. */
export function pot(evidence: Evidence, name: "worse" | "beyond"): number {
  const logs = [...(evidence[name].up ?? []), ...(evidence[name].down ?? [])];
  logs.push(logOf(evidence.reserve + evidence.later));
  return logSum(logs);
}

/** The direction with the larger evidence of being beyond the margin, `up` of equals. */
export function leadingDirection(signal: Signal, { beyond }: Evidence): Direction {
  const [first = "up", second] = guardedDirections(signal);
  if (second === undefined) return first;
  return logSum(beyond[second] ?? []) > logSum(beyond[first] ?? []) ? second : first;
}

/** EdgeZero's hits, or those that it would have if it were like legacy where too few hits are the harm. */
export function decisiveHits({ alone, sums }: Evidence, direction: Direction): number {
  if (direction === "up" || alone) return sums.canaryHits;
  return sums.controlTrials > 0 ? (sums.controlHits / sums.controlTrials) * sums.canaryTrials : 0;
}

/** Trials that count for "enough to speak of": those of the path with fewer. */
export function decisiveTrials({ alone, sums }: Evidence): number {
  return alone ? sums.canaryTrials : Math.min(sums.canaryTrials, sums.controlTrials);
}

function verdictOfHealth(signal: Signal, evidence: Evidence): Verdict {
  const { alone, stageWindow } = evidence;
  if (decisiveTrials(evidence) < minTrialsOf(signal)) return "insufficient";
  if (alone || stageWindow === 0) return "undecided";
  const needed = Math.log(2 / betaOf(signal));
  const isProven = guardedDirections(signal).every(
    (direction) => proofOfHealth(signal, evidence, direction) >= needed,
  );
  return isProven ? "not-worse" : "undecided";
}

/** Log of what bets against "EdgeZero is at or beyond the margin" have become in this stage. */
export function proofOfHealth(signal: Signal, evidence: Evidence, direction: Direction): number {
  const { margin } = signal;
  const ratios = ratiosOf(signal)[OPPOSITE[direction]];
  return "abs" in margin
    ? payoffAt(ratios, evidence, OPPOSITE[direction], line(margin, direction))
    : logSum(withWeights(ratios, evidence.within[direction] ?? []));
}

/**
 * `v(d, δ)`: log of what the bets in a direction have become in this stage, against a difference of `delta`
 * between EdgeZero's rate and legacy's.
 */
export function payoffAt(
  ratios: readonly Ratio[],
  { interval }: Evidence,
  direction: Direction,
  delta: number,
): number {
  const { payoff, cost } = interval[direction];
  return logSum(
    ratios.map(({ logWeight }, i) => logWeight + (payoff[i] ?? 0) - delta * (cost[i] ?? 0)),
  );
}

function withWeights(ratios: readonly Ratio[], logs: readonly number[]): number[] {
  return ratios.map(({ logWeight }, i) => logWeight + (logs[i] ?? 0));
}
