import type { Reading, Signal } from "../statistics/index.ts";
import { describeReading, readSignal } from "../statistics/index.ts";
import type { Evidence } from "../statistics/index.ts";
import type { Blocker, BlockerKind } from "./advance.ts";
import { blockersOf, heldReasons } from "./advance.ts";
import { holdLeftMs } from "./clock.ts";
import { isJudged, requiredSignals } from "./freshness.ts";
import { isHeard, stageName } from "./pass.ts";
import type { HeldReason, Pass, PhaseName } from "./phase.ts";
import { isExposed } from "./phase.ts";
import { describeWhere, describeWait } from "./where.ts";
import type { RolloutState, WatchedSignal } from "./state.ts";
import { describeBlocker } from "./sentences.ts";

/** A signal, what it reads, and every number that the verdict came from. */
export interface ExplainedSignal {
  readonly name: string;
  readonly required: boolean;
  /** Whether it can decide anything now. */
  readonly decides: boolean;
  readonly sentence: string;
  readonly reading: Reading;
  readonly signal: Signal;
  readonly evidence: Evidence;
  /** When it began to hold; `null` while it does not. */
  readonly heldSince: number | null;
}

/** Where the present stage is in the plan. */
export interface ExplainedStage {
  /** From 1; 0 below the first stage. */
  readonly number: number;
  readonly of: number;
  readonly pct: number;
  readonly holdMs: number;
  readonly heldMs: number;
  readonly leftMs: number;
  readonly requests: number;
  readonly minRequests: number;
}

/** Where a rollout is, why it is not further, and what it waits for next. */
export interface Explanation {
  readonly state: PhaseName;
  readonly at: number;
  /** Where it is, and why it is not further, for an operator. */
  readonly sentence: string;
  /** The most important reason; `null` where nothing keeps it back. */
  readonly reason: BlockerKind | HeldReason | null;
  /** All reasons to hold that are there, the most important first. */
  readonly held: readonly HeldReason[];
  readonly waitsFor: string;
  /** The next percentage of the plan; `null` at its end, and after a rollback. */
  readonly next: number | null;
  readonly stage: ExplainedStage | null;
  /** What the store was last read to have. */
  readonly store: RolloutState["store"];
  readonly signals: readonly ExplainedSignal[];
}

/** Explains a state. Pure, and never throws. */
export function explain(state: RolloutState): Explanation {
  const { phase, now, store } = state;
  const [blocker] = blockersOf(state);
  const pass = isExposed(phase) ? phase.pass : null;
  return {
    state: phase.name,
    at: now,
    sentence: sentenceOf(state, blocker),
    reason: blocker === undefined ? null : reasonOf(blocker),
    held: pass === null || phase.name === "completed" ? [] : heldReasons(pass),
    waitsFor: describeWait(state, blocker),
    next: nextPct(state),
    stage: pass === null ? null : stageOf(state, pass),
    store,
    signals: state.rules.signals.flatMap((watched) => explainSignal(state, pass, watched)),
  };
}

function sentenceOf(state: RolloutState, blocker: Blocker | undefined): string {
  const where = describeWhere(state);
  const known = state.phase.name === "warming-up" || isExposed(state.phase);
  if (!known || blocker === undefined) return where;
  return `${where} ${describeBlocker(blocker)}`;
}

function reasonOf(blocker: Blocker): BlockerKind | HeldReason {
  return blocker.kind === "held" ? blocker.reason : blocker.kind;
}

function nextPct({ phase, rules }: RolloutState): number | null {
  if (phase.name === "idle" || phase.name === "warming-up") return rules.stages[0]?.pct ?? null;
  if (!isExposed(phase)) return null;
  return rules.stages[phase.pass.stage + 1]?.pct ?? null;
}

function stageOf(state: RolloutState, pass: Pass): ExplainedStage {
  const { stages } = state.rules;
  const stage = stages[pass.stage];
  return {
    number: pass.stage + 1,
    of: stages.length,
    pct: pass.pct,
    holdMs: stage?.holdMs ?? 0,
    heldMs: pass.clockMs,
    leftMs: holdLeftMs(state, pass),
    requests: pass.requests,
    minRequests: (stage ?? stages[0])?.minRequests ?? 0,
  };
}

function explainSignal(
  state: RolloutState,
  pass: Pass | null,
  watched: WatchedSignal,
): ExplainedSignal[] {
  const { name, signal } = watched;
  const evidence = state.evidence[name];
  if (evidence === undefined) return [];
  const reading = readSignal(signal, evidence);
  const isDeciding =
    pass !== null &&
    evidence.stage === stageName(pass) &&
    isJudged(watched, pass.pct) &&
    isHeard(state, pass, watched);
  return [
    {
      name,
      required: requiredSignals(state.rules, pass?.pct ?? 0).includes(watched),
      decides: isDeciding,
      sentence: describeReading(signal, reading),
      reading,
      signal,
      evidence,
      heldSince: pass?.breaches[name]?.since ?? null,
    },
  ];
}
