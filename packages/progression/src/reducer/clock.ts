import { isFrozen } from "../plan/freeze.ts";
import { freshUntil, staleAfterMs } from "./freshness.ts";
import type { RolloutState } from "./state.ts";
import { withPass } from "./step.ts";

/**
 * Moves time on, never back. The hold clock runs with it only while the stage is observed, its evidence
 * is fresh and no freeze is on. A gap that is longer than fresh evidence can be is downtime: no hold time.
 */
export function advanceTime(state: RolloutState, at: number): RolloutState {
  if (at <= state.now) return state;
  const gainedMs = gained(state, at);
  const later = { ...state, now: at };
  if (gainedMs <= 0) return later;
  return withPass(later, (pass) => ({ ...pass, clockMs: pass.clockMs + gainedMs }));
}

function gained(state: RolloutState, at: number): number {
  const { phase, now, rules } = state;
  if (phase.name !== "observing") return 0;
  if (at - now > staleAfterMs(rules, rules.source)) return 0;
  if (isFrozen(rules.freeze, now) || isFrozen(rules.freeze, at)) return 0;
  return Math.min(at, freshUntil(state, phase.pass)) - now;
}

/** What is left of the hold in milliseconds; 0 where the stage is below the first one. */
export function holdLeftMs(
  { rules }: RolloutState,
  pass: { stage: number; clockMs: number },
): number {
  return Math.max(0, (rules.stages[pass.stage]?.holdMs ?? 0) - pass.clockMs);
}
