import type { EventOf } from "./event.ts";
import { beginStage } from "./pass.ts";
import { lostAfterMs } from "./propagation.ts";
import { takeOvertaken } from "./rollback.ts";
import type { Raise, RolloutState } from "./state.ts";
import type { Step } from "./step.ts";
import { step } from "./step.ts";

/** The result of a raise. One that nobody waits for any more moves nothing. */
export function takeRaised(state: RolloutState, event: EventOf<"raised">): Step {
  const { raise } = state;
  if (raise === null || raise.id !== event.id) return takeOvertaken(state, event);
  if (event.written) return step(beginStage(state, raise, event.epoch));
  return step({ ...state, raise: failed(raise, state.now) });
}

/** A raise without an answer is asked for again; should it land after all, the store says so. */
export function pursueRaise(state: RolloutState): RolloutState {
  const { raise, now, rules } = state;
  if (raise === null || raise.failed) return state;
  const isLate = now - raise.at >= lostAfterMs(rules);
  return isLate ? { ...state, raise: failed(raise, now) } : state;
}

function failed(raise: Raise, now: number): Raise {
  return { ...raise, at: now, failed: true };
}
