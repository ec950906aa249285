import { awaitsApproval, blockersOf, heldReasons } from "./blockers.ts";
import type { Phase } from "./phase.ts";
import type { RolloutState } from "./state.ts";
import { isExposed } from "./phase.ts";

/** Names where the rollout is by what is known of its pass. A pause and an end stay until a command. */
export function settle(state: RolloutState): RolloutState {
  const { phase } = state;
  if (!isExposed(phase) || phase.name === "paused" || phase.name === "completed") return state;
  const { pass } = phase;
  const [reason] = heldReasons(pass);
  if (reason !== undefined) return { ...state, phase: { name: "held", reason, pass } };
  const named = (name: "propagating" | "observing" | "awaiting-approval"): RolloutState => ({
    ...state,
    phase: { name, pass } satisfies Phase,
  });
  if (pass.arrivedAt === null) return named("propagating");
  const isLast =
    awaitsApproval(state, pass) && blockersOf(state).every(({ kind }) => kind === "approval");
  return named(isLast ? "awaiting-approval" : "observing");
}
