import {
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
  parseEdgezeroFlag,
} from "@edgezero/rollout";
import type { Plan } from "@edgezero/progression/plan";
import { describeVerdict, gate } from "@edgezero/progression/plan";
import type { Changes, StoredValues } from "@edgezero/stores/operator-store";
import { effectivePct } from "../journal/effective-changes.ts";

/**
 * Why the plan will refuse to turn the switch on after a change that sets the percentage while it is
 * off; `null` where it will not, or the change is no such change. Pure.
 */
export function laterRefusal(plan: Plan, from: StoredValues, to: Changes): string | null {
  const isOn = parseEdgezeroFlag(from[EDGEZERO_ENABLED_KEY]);
  if (isOn || to[EDGEZERO_ROLLOUT_PCT_KEY] === undefined) return null;
  const pct = effectivePct({ ...from, ...to, [EDGEZERO_ENABLED_KEY]: "true" });
  const atOnce = gate(plan, { changes: [], present: 0, now: 0 }, pct);
  return atOnce.allowed ? null : describeVerdict(atOnce, pct);
}
