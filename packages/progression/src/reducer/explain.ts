import type { Blocker, BlockerKind } from "./blockers.ts";
import { blockersOf, heldReasons } from "./blockers.ts";
import { holdLeftMs } from "./clock.ts";
import type { ExplainedSignal } from "./explain-signal.ts";
import { explainSignals } from "./explain-signal.ts";
import { detailOf } from "./held-details.ts";
import type { HeldReason, Pass, PhaseName } from "./phase.ts";
import { isExposed } from "./phase.ts";
import { describeWhere, describeWait } from "./where.ts";
import type { RolloutState } from "./state.ts";
import { describeBlocker } from "./sentences.ts";

// Who shows an explanation shows its spans in one form.
export { spanText } from "../plan/span.ts";
export { promoteCondition } from "./promote-condition.ts";
export { describeCause } from "./sentences.ts";

/** Something that keeps the next stage away. */
export interface ExplainedReason {
  readonly reason: BlockerKind | HeldReason;
  /** With the numbers behind it. */
  readonly sentence: string;
  readonly waitsFor: string;
  /** How long it lasts yet, in milliseconds; `null` where nobody can tell. */
  readonly leftMs: number | null;
  /** Since when it holds, in milliseconds of the epoch; `null` where it does not hold. */
  readonly since: number | null;
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
  /** EdgeZero's, by the windows of this stage; `null` before the first one. */
  readonly requestsPerMinute: number | null;
  /** EdgeZero's share of distinct clients, or else of requests, 0 to 1, in the newest window that could be compared. */
  readonly share: number | null;
  /** When gateways were seen to decide by it, in milliseconds of the epoch; `null`: not yet. */
  readonly arrivedAt: number | null;
  readonly approved: boolean;
}

/**
 * Where a rollout is, why it is not further, and what it waits for next. Plain JSON; its schema is
 * `explain.schema.json`.
 */
export interface Explanation {
  /** The version of this form. It rises where a field is removed or changes its meaning. */
  readonly version: 1;
  readonly state: PhaseName;
  readonly at: number;
  /** Where it is, and why it is not further, for an operator. */
  readonly sentence: string;
  /** The most important reason; `null` where nothing keeps it back. */
  readonly reason: BlockerKind | HeldReason | null;
  /** All reasons to hold that are there, the most important first. */
  readonly held: readonly HeldReason[];
  readonly waitsFor: string;
  /** How long that takes yet, in milliseconds; `null` where nobody can tell. */
  readonly leftMs: number | null;
  /** All that keeps the next stage away, the most important first. */
  readonly reasons: readonly ExplainedReason[];
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
  const blockers = blockersOf(state);
  const [blocker] = blockers;
  const pass = isExposed(phase) ? phase.pass : null;
  const reasons = blockers.map((one) => explainReason(state, pass, one));
  return {
    version: 1,
    state: phase.name,
    at: now,
    sentence: sentenceOf(state, reasons[0]),
    reason: blocker === undefined ? null : reasonOf(blocker),
    held: pass === null || phase.name === "completed" ? [] : heldReasons(pass),
    waitsFor: describeWait(state, blocker),
    leftMs: reasons[0]?.leftMs ?? null,
    reasons,
    next: nextPct(state),
    stage: pass === null ? null : stageOf(state, pass),
    store,
    signals: explainSignals(state, pass),
  };
}

function sentenceOf(state: RolloutState, reason: ExplainedReason | undefined): string {
  const where = describeWhere(state);
  return reason === undefined ? where : `${where} ${reason.sentence}`;
}

function explainReason(state: RolloutState, pass: Pass | null, blocker: Blocker): ExplainedReason {
  const reason = reasonOf(blocker);
  const about = describeBlocker(blocker);
  const told = { reason, waitsFor: describeWait(state, blocker) };
  if (blocker.kind !== "held" || pass === null) {
    const leftMs = "leftMs" in blocker ? blocker.leftMs : null;
    return { ...told, sentence: about, leftMs, since: null };
  }
  const detail = detailOf(blocker.reason, pass, state);
  const sentence = detail === "" ? about : `${about} ${detail}`;
  return { ...told, sentence, leftMs: null, since: heldSince(pass, blocker.reason) };
}

function heldSince({ conditions, breaches }: Pass, reason: HeldReason): number | null {
  if (reason !== "breach") return conditions[reason]?.since ?? null;
  const begun = Object.values(breaches).map(({ since }) => since);
  return begun.length === 0 ? null : Math.min(...begun);
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
    requestsPerMinute:
      pass.windows > 0 ? (60_000 * pass.requests) / (pass.windows * state.rules.windowMs) : null,
    share: pass.share,
    arrivedAt: pass.arrivedAt,
    approved: pass.approved,
  };
}
