import type { EventOf } from "./event.ts";
import { beginDrift, beginStage } from "./pass.ts";
import { followOutside, isRollback, readDuringRollback } from "./rollback.ts";
import type { ExposedPhase } from "./phase.ts";
import type { RolloutState } from "./state.ts";
import { isExposed } from "./phase.ts";
import type { Step } from "./step.ts";
import { step, withPass } from "./step.ts";

type StoreEvent = EventOf<"store">;

/**
 * Takes what the store has: the truth that all share. A read that comes late is taken too, since a 0 must
 * never be missed; it is then too old for a raise to begin from.
 */
export function takeStore(before: RolloutState, event: StoreEvent): Step {
  const { pct, epoch } = event;
  const state = { ...before, store: { pct, epoch, at: Math.min(event.at, before.now) } };
  const { phase } = state;
  if (isRollback(phase)) return readDuringRollback(state, event);
  if (isExposed(phase)) return readExposed(state, phase, event);
  if (phase.name === "idle" || pct === 0) return step(state);
  return step(readRaise(state, event) ?? beginDrift(state, pct, epoch));
}

function readExposed(state: RolloutState, { pass }: ExposedPhase, event: StoreEvent): Step {
  const { pct, epoch } = event;
  if (pct === pass.pct) {
    const isNews = pass.epoch === null && epoch !== null;
    return step(isNews ? withPass(state, (known) => ({ ...known, epoch })) : state);
  }
  if (isNotYet(pass, event)) return step(state);
  if (pct === 0) return followOutside(state, epoch);
  return step(readRaise(state, event) ?? beginDrift(state, pct, epoch));
}

/** A raise whose answer was lost, or came late, is seen to have landed. */
function readRaise(state: RolloutState, { pct, epoch }: StoreEvent): RolloutState | null {
  const { raise } = state;
  return raise !== null && raise.pct === pct ? beginStage(state, raise, epoch) : null;
}

/**
 * Until the write has arrived, the value before it may come back. Later only a late read has it. A 0 with
 * the mark of a rollback is an operator's, although the first stage began at 0.
 */
function isNotYet(
  pass: ExposedPhase["pass"],
  { pct, at, isRolledBack = false }: StoreEvent,
): boolean {
  if (pct !== pass.before || (pct === 0 && isRolledBack)) return false;
  return pass.arrivedAt === null || (pct !== 0 && at < pass.writtenAt);
}
