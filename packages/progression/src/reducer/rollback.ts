import type { EventOf, EvidenceWindow } from "./event.ts";
import {
  countCarried,
  decisionsOf,
  decisionsUnder,
  ENOUGH_DECISIONS,
  lateAfterMs,
  lostAfterMs,
} from "./propagation.ts";
import type { Dropped, Phase, Rollback, RollbackCause } from "./phase.ts";
import type { Raise, RolloutState } from "./state.ts";
import type { Step } from "./step.ts";
import { step } from "./step.ts";

export type RollbackPhase = Extract<Phase, { readonly rollback: Rollback }>;

export function isRollback(phase: Phase): phase is RollbackPhase {
  return "rollback" in phase;
}

/** The value of the store, as it was read since the write of 0; `null` where it was not read since. */
export function storeSince(
  { store }: RolloutState,
  { writtenAt }: Rollback,
): RolloutState["store"] {
  return store !== null && writtenAt !== null && store.at >= writtenAt ? store : null;
}

/** A raise that is overtaken. One that is not answered in this time does not land any more. */
function drop({ rules }: RolloutState, { id, pct, at, failed }: Raise): Dropped | null {
  if (failed) return null;
  return { id, pct, until: at + lostAfterMs(rules), answeredAt: null };
}

/** The answer to a raise that a rollback has overtaken. */
export function takeOvertaken(state: RolloutState, event: EventOf<"raised">): Step {
  const { phase } = state;
  if (!isRollback(phase) || phase.rollback.dropped?.id !== event.id) return step(state);
  const dropped = event.written ? { ...phase.rollback.dropped, answeredAt: state.now } : null;
  return step({ ...state, phase: { ...phase, rollback: { ...phase.rollback, dropped } } });
}

const NO_DECISIONS = { all: 0, carrying: 0 };

/** Goes back to 0. The write follows in the same step: nothing delays it. */
export function beginRollback(state: RolloutState, cause: RollbackCause): Step {
  const before = isRollback(state.phase) ? state.phase.rollback.dropped : null;
  const dropped = state.raise === null ? before : drop(state, state.raise);
  const rollback: Rollback = {
    cause,
    since: state.now,
    id: `zero-${state.writes + 1}`,
    attempts: 0,
    askedAt: state.now,
    writtenAt: null,
    failed: false,
    epoch: null,
    carried: NO_DECISIONS,
    proofAskedAt: null,
    dropped,
  };
  return writeZero({ ...state, raise: null }, rollback);
}

/** Someone else wrote 0: there is nothing to write, and nothing to fight. */
export function followOutside(state: RolloutState, epoch: string | null): Step {
  const { now } = state;
  const { state: begun } = beginRollback(state, { kind: "outside" });
  if (!isRollback(begun.phase)) return step(state);
  const rollback = { ...begun.phase.rollback, attempts: 0, writtenAt: now, epoch };
  return step({ ...begun, phase: { name: "rolled-back", rollback } });
}

function writeZero(state: RolloutState, before: Rollback): Step {
  const id = `zero-${state.writes + 1}`;
  const rollback = { ...before, id, attempts: before.attempts + 1, askedAt: state.now };
  return step(
    { ...state, writes: state.writes + 1, phase: { name: "rolling-back", rollback } },
    { type: "write-zero", id, cause: rollback.cause },
  );
}

export function takeZeroed(state: RolloutState, event: EventOf<"zeroed">): Step {
  const { phase } = state;
  if (phase.name !== "rolling-back" || phase.rollback.id !== event.id) return step(state);
  if (phase.rollback.writtenAt !== null) return step(state);
  if (event.written) return written(state, phase.rollback, event.epoch);
  return step({ ...state, phase: { ...phase, rollback: { ...phase.rollback, failed: true } } });
}

function written(state: RolloutState, before: Rollback, epoch: string | null): Step {
  const { now } = state;
  const rollback = { ...before, writtenAt: now, failed: false, epoch, carried: NO_DECISIONS };
  return askForProof({ ...state, phase: { name: "rolling-back", rollback } }, rollback);
}

function askForProof(state: RolloutState, rollback: Rollback): Step {
  const asked = { ...rollback, proofAskedAt: state.now };
  const next = isRollback(state.phase)
    ? { ...state, phase: { ...state.phase, rollback: asked } }
    : state;
  return state.rules.probes ? step(next, { type: "prove-zero", id: rollback.id }) : step(next);
}

export function takeProved(state: RolloutState, event: EventOf<"proved">): Step {
  const { phase } = state;
  if (!isRollback(phase) || phase.rollback.id !== event.id) return step(state);
  if (phase.name === "rolled-back" || phase.rollback.writtenAt === null) return step(state);
  const name = event.proven ? "rolled-back" : "rollback-unverified";
  return step({ ...state, phase: { ...phase, name } });
}

/** The store was read during or after a rollback. */
export function readDuringRollback(state: RolloutState, event: EventOf<"store">): Step {
  const { phase } = state;
  if (!isRollback(phase)) return step(state);
  const { rollback } = phase;
  if (phase.name === "rolling-back" && rollback.writtenAt === null) {
    return event.pct === 0 ? written(state, rollback, event.epoch) : step(state);
  }
  // Nobody wrote that: what the store had taken is gone.
  if (event.pct !== 0 && event.isLost === true) {
    return writeZero(state, { ...rollback, writtenAt: null, carried: NO_DECISIONS });
  }
  // The raise that the rollback overtook has landed after the 0. No operator wrote that.
  if (event.pct !== 0 && event.pct === rollback.dropped?.pct && event.at < rollback.dropped.until) {
    return writeZero(state, { ...rollback, writtenAt: null, dropped: null });
  }
  const dropped = isSettled(rollback, event) ? null : rollback.dropped;
  const epoch = event.pct === 0 ? (rollback.epoch ?? event.epoch) : rollback.epoch;
  if (dropped === rollback.dropped && epoch === rollback.epoch) return step(state);
  return step({ ...state, phase: { ...phase, rollback: { ...rollback, dropped, epoch } } });
}

/** Whether a raise that was overtaken cannot land any more: its time is over, or 0 came after its answer. */
function isSettled({ dropped, writtenAt }: Rollback, { pct, at }: EventOf<"store">): boolean {
  if (dropped === null || at >= dropped.until) return true;
  const { answeredAt } = dropped;
  return pct === 0 && answeredAt !== null && at >= Math.max(answeredAt, writtenAt ?? at);
}

/**
 * Decisions after the write. Without probes, a hundred under the new epoch and without EdgeZero prove the
 * rollback. One for EdgeZero that began after the drain revokes the proof.
 */
export function countRollback(state: RolloutState, window: EvidenceWindow): RolloutState {
  const { phase } = state;
  if (!isRollback(phase)) return state;
  const { rollback } = phase;
  if (rollback.writtenAt === null || window.from < rollback.writtenAt) return state;
  if (phase.name === "rolled-back") {
    return window.canary.requests > 0 && window.from >= drainedAt(state, rollback)
      ? { ...state, phase: { name: "rollback-unverified", rollback } }
      : state;
  }
  const all = decisionsOf(window);
  const carrying = window.canary.requests > 0 ? 0 : decisionsUnder(window, rollback.epoch);
  const isClean = carrying === all;
  const carried = isClean ? countCarried(rollback.carried, all, carrying) : NO_DECISIONS;
  const isProven = !state.rules.probes && carried.all >= ENOUGH_DECISIONS;
  const name = isProven ? "rolled-back" : phase.name;
  return { ...state, phase: { name, rollback: { ...rollback, carried } } };
}

/** A 0 of someone else must still propagate; ours was seen everywhere by then. */
function drainedAt({ rules }: RolloutState, { writtenAt, cause }: Rollback): number {
  const propagationMs = cause.kind === "outside" ? 2 * rules.propagationMs : 0;
  return (writtenAt ?? 0) + propagationMs + rules.drainMs;
}

/** What a rollback does as time passes: it writes again for ever, and asks for proof again. */
export function pursueRollback(state: RolloutState): Step {
  const { phase, now, rules } = state;
  if (!isRollback(phase) || phase.name === "rolled-back") return step(state);
  const { rollback } = phase;
  if (rollback.writtenAt === null) {
    const waitMs = rollback.failed ? 1_000 : Math.max(10_000, rules.windowMs);
    return now - rollback.askedAt >= waitMs ? writeZero(state, rollback) : step(state);
  }
  if (phase.name === "rolling-back") {
    const isLate = now - rollback.writtenAt >= lateAfterMs(rules) + rules.drainMs;
    return step(isLate ? { ...state, phase: { ...phase, name: "rollback-unverified" } } : state);
  }
  const isDue = now - (rollback.proofAskedAt ?? 0) >= rules.noData.repeatMs;
  return isDue ? askForProof(state, rollback) : step(state);
}
