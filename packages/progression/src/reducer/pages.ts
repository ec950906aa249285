import { heldReasons } from "./blockers.ts";
import type { Effect, PageReason } from "./effect.ts";
import { blindMs } from "./freshness.ts";
import { isRollback } from "./rollback.ts";
import type { RolloutState } from "./state.ts";
import { isExposed } from "./phase.ts";
import type { Step } from "./step.ts";

/** Pages each reason once when it begins, and again while it lasts. */
export function page(state: RolloutState): Step {
  const { now, rules } = state;
  const reasons = pageable(state);
  if (reasons.length === 0 && Object.keys(state.paged).length === 0) return { state, effects: [] };
  const paged: RolloutState["paged"] = {};
  const effects: Effect[] = [];
  for (const reason of reasons) {
    const known = state.paged[reason];
    const isDue = known === undefined || now - known.at >= rules.noData.repeatMs;
    const since = known?.since ?? now;
    Object.assign(paged, { [reason]: { since, at: isDue ? now : known.at } });
    if (isDue) effects.push({ type: "page", incident: `${reason}-${since}`, reason });
  }
  return { state: { ...state, paged }, effects };
}

function pageable(state: RolloutState): readonly PageReason[] {
  const { phase, rules } = state;
  if (isRollback(phase)) {
    if (phase.name === "rollback-unverified") return ["rollback-unverified"];
    return phase.rollback.failed ? ["not-written"] : [];
  }
  if (!isExposed(phase) || phase.name === "completed") return [];
  const isBlindForLong = blindMs(state) >= rules.noData.pageMs;
  return heldReasons(phase.pass).filter(
    (reason) => reason !== "blind" || isBlindForLong || state.paged.blind !== undefined,
  );
}
