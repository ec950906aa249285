import type { Effect } from "./effect.ts";
import type { Pass } from "./phase.ts";
import type { RolloutState } from "./state.ts";
import { isExposed } from "./phase.ts";

/** A state, and what is to be done since the event. */
export interface Step {
  readonly state: RolloutState;
  readonly effects: readonly Effect[];
}

export function step(state: RolloutState, ...effects: Effect[]): Step {
  return { state, effects };
}

/** Goes on with what a step led to, and keeps its effects before those that follow. */
export function follow(before: Step, next: (state: RolloutState) => Step): Step {
  const after = next(before.state);
  if (before.effects.length === 0) return after;
  return { state: after.state, effects: [...before.effects, ...after.effects] };
}

/** Changes the pass, where there is one. */
export function withPass(state: RolloutState, change: (pass: Pass) => Pass): RolloutState {
  const { phase } = state;
  if (!isExposed(phase)) return state;
  const pass = change(phase.pass);
  return pass === phase.pass ? state : { ...state, phase: { ...phase, pass } };
}

export function withoutKey<Value>(
  record: Readonly<Record<string, Value>>,
  key: string,
): Readonly<Record<string, Value>> {
  const { [key]: _, ...rest } = record;
  return rest;
}
