import type { Entry } from "@edgezero/operations/journal/entry";
import type { Reading } from "@edgezero/operations/reading";
import type { EffectiveChange, Plan } from "@edgezero/progression/plan";
import {
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
  parseEdgezeroFlag,
  parseRolloutPct,
} from "@edgezero/rollout";
import type { StoredValues } from "@edgezero/stores/operator-store";
import type { StageRail } from "./stage-rail.ts";
import { stageRail } from "./stage-rail.ts";

/**
 * Where the values in the store stand in the plan, and since when by the audit trail; `null` where no
 * plan holds. A value that the trail does not know was written outside this tool, at an unknown time.
 */
export function planRail(
  plan: Plan | null,
  entries: readonly Entry[],
  { state }: Reading,
  now: number,
): StageRail | null {
  if (plan === null) return null;
  const changes = entries.flatMap(changeOf);
  const isKnown = changes.at(-1)?.effective === state.rolloutPct;
  return stageRail(plan, state.rolloutPct, { changes: isKnown ? changes : [], now });
}

function changeOf(entry: Entry): EffectiveChange[] {
  if (entry.kind === "intent" || entry.values === null) return [];
  return [{ at: Date.parse(entry.at), effective: effectiveOf(entry.values) }];
}

function effectiveOf(values: StoredValues): number {
  const flag = values[EDGEZERO_ENABLED_KEY];
  const isOn = flag !== null && parseEdgezeroFlag(flag);
  return isOn ? (parseRolloutPct(values[EDGEZERO_ROLLOUT_PCT_KEY]) ?? 0) : 0;
}
