import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { StoredValues } from "./operator-store.ts";

/** Whether both hold the same values. */
export function isSameValues(a: StoredValues, b: StoredValues): boolean {
  return (
    a[EDGEZERO_ENABLED_KEY] === b[EDGEZERO_ENABLED_KEY] &&
    a[EDGEZERO_ROLLOUT_PCT_KEY] === b[EDGEZERO_ROLLOUT_PCT_KEY]
  );
}
