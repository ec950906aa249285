import { isBlocked } from "./blockers.ts";
import type { Effect } from "./effect.ts";
import type { Raise, RolloutState } from "./state.ts";
import type { Step } from "./step.ts";
import { step } from "./step.ts";

/** Goes at most one stage further, where nothing keeps it back. */
export function advance(state: RolloutState): Step {
  const { phase, rules } = state;
  if (phase.name !== "warming-up" && phase.name !== "observing") return step(state);
  if (isBlocked(state)) return step(state);
  const index = phase.name === "observing" ? phase.pass.stage + 1 : 0;
  const from = phase.name === "observing" ? phase.pass.pct : 0;
  const next = rules.stages[index];
  if (next === undefined) {
    if (phase.name !== "observing") return step(state);
    return step({ ...state, phase: { name: "completed", pass: phase.pass } });
  }
  const id = `raise-${state.writes + 1}`;
  const raise: Raise = { id, stage: index, from, pct: next.pct, at: state.now, failed: false };
  const effect: Effect = { type: "raise", id, from, pct: next.pct };
  return step({ ...state, raise, writes: state.writes + 1 }, effect);
}
