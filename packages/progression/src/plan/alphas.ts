import { splitAlpha } from "../statistics/index.ts";
import type { RolloutPlan, RolloutSignal } from "./rollout-plan.ts";

/** Signals that can roll back share one alpha; a signal that only holds has an alpha of its own. */
export function alphasOf({ signals, falseRollback }: RolloutPlan): number[] {
  const weights = signals.filter((signal) => canRollBack(signal)).map(({ weight }) => weight);
  const parts = splitAlpha(falseRollback, weights);
  return signals.map((signal) => (canRollBack(signal) ? (parts.shift() ?? 0) : falseRollback));
}

export function canRollBack({ breach, rollbackAfterMs }: RolloutSignal): boolean {
  return breach === "rollback" || rollbackAfterMs !== null;
}
