import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { RolloutKey, StoredValues } from "./operator-store.ts";

/** The values of the rollout's keys, found by `valueOf`, which gives `null` for an absent key. */
export function storedValues(valueOf: (key: RolloutKey) => string | null): StoredValues {
  return {
    [EDGEZERO_ENABLED_KEY]: valueOf(EDGEZERO_ENABLED_KEY),
    [EDGEZERO_ROLLOUT_PCT_KEY]: valueOf(EDGEZERO_ROLLOUT_PCT_KEY),
  };
}

/** The values of a store that has neither key. */
export const NO_VALUES: StoredValues = storedValues(() => null);

/** Whether both hold the same values. */
export function isSameValues(a: StoredValues, b: StoredValues): boolean {
  return (
    a[EDGEZERO_ENABLED_KEY] === b[EDGEZERO_ENABLED_KEY] &&
    a[EDGEZERO_ROLLOUT_PCT_KEY] === b[EDGEZERO_ROLLOUT_PCT_KEY]
  );
}

/** Whether a key is one of the rollout's two. */
export function isRolloutKey(key: string): key is RolloutKey {
  return key === EDGEZERO_ENABLED_KEY || key === EDGEZERO_ROLLOUT_PCT_KEY;
}
