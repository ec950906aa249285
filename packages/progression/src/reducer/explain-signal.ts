import type { Bars, Evidence, Reading, Signal } from "../statistics/index.ts";
import {
  barsOf,
  describeLearning,
  describeReading,
  readSignal,
  withoutStage,
} from "../statistics/index.ts";
import type { ExplainedAdvisory } from "./advisory.ts";
import { NO_ADVISORY, readAdvisory } from "./advisory.ts";
import { isJudged, requiredSignals } from "./freshness.ts";
import { isHeard, stageName } from "./pass.ts";
import type { Pass } from "./phase.ts";
import { describeAdvisory } from "./sentences.ts";
import type { RolloutState, WatchedSignal } from "./state.ts";

/** A signal, what it reads, and every number that the verdict came from. */
export interface ExplainedSignal {
  readonly name: string;
  readonly source: string;
  readonly required: boolean;
  /** What `worse` does. */
  readonly breach: WatchedSignal["breach"];
  /** Whether it can decide anything now. */
  readonly decides: boolean;
  readonly sentence: string;
  /** Where evidence counts for less, since too little of legacy is known: a sentence, else `null`. */
  readonly learning: string | null;
  readonly reading: Reading;
  /** The numbers that the verdict is a comparison of. */
  readonly bars: Bars;
  readonly signal: Signal;
  readonly evidence: Evidence;
  /** When it began to hold, in milliseconds of the epoch; `null` while it does not. */
  readonly heldSince: number | null;
  /** The end of the newest window of this stage that gave it; `null`: no window did. */
  readonly seenTo: number | null;
  /** What legacy did before, where no legacy is left. It decides nothing. `null` below 100%. */
  readonly advisory: (ExplainedAdvisory & { readonly sentence: string }) | null;
}

/** Explains each signal of a state. */
export function explainSignals(state: RolloutState, pass: Pass | null): readonly ExplainedSignal[] {
  return state.rules.signals.flatMap((watched) => {
    const evidence = state.evidence[watched.name];
    return evidence === undefined ? [] : [explainSignal(state, pass, watched, evidence)];
  });
}

function explainSignal(
  state: RolloutState,
  pass: Pass | null,
  watched: WatchedSignal,
  known: Evidence,
): ExplainedSignal {
  const { name, signal, source, breach } = watched;
  // Until a stage has a window, the numbers are those of the stage before, and nothing of this one.
  const isOfStage = pass === null || known.stage === stageName(pass);
  const evidence = isOfStage ? known : withoutStage(signal, known);
  const reading = readSignal(signal, evidence);
  return {
    name,
    source,
    required: requiredSignals(state.rules, pass?.pct ?? 0).includes(watched),
    breach,
    decides:
      pass !== null && isOfStage && isJudged(watched, pass.pct) && isHeard(state, pass, watched),
    sentence: describeReading(signal, reading),
    learning: describeLearning(signal, evidence),
    reading,
    bars: barsOf(signal, evidence),
    signal,
    evidence,
    heldSince: pass?.breaches[name]?.since ?? null,
    seenTo: pass?.seen[name] ?? null,
    advisory: pass !== null && pass.pct >= 100 ? advisoryOf(state, watched) : null,
  };
}

function advisoryOf(
  { advisory, now }: RolloutState,
  { name, signal }: WatchedSignal,
): ExplainedSignal["advisory"] {
  const read = readAdvisory(signal, advisory[name] ?? NO_ADVISORY, now);
  return { ...read, sentence: describeAdvisory(signal, read) };
}
