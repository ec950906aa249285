import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { Changes } from "@edgezero/stores/operator-store";
import type { Reading } from "../reading.ts";
import { isAllLegacy } from "../reading.ts";

/** The values that a rollback writes. */
export function zeroChanges(disable: boolean): Changes {
  return {
    [EDGEZERO_ROLLOUT_PCT_KEY]: "0",
    ...(disable && { [EDGEZERO_ENABLED_KEY]: "false" }),
  };
}

/** Whether the store holds the written values, so that no client goes to EdgeZero. */
export function holds(reading: Reading, to: Changes): boolean {
  const isThere = ([EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY] as const).every(
    (key) => to[key] === undefined || reading.values[key] === to[key],
  );
  return isThere && isAllLegacy(reading);
}
