import { messageOf } from "@edgezero/faults/faults";
import {
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
  parseEdgezeroFlag,
} from "@edgezero/rollout";
import type { Changes, RolloutKey } from "./operator-store.ts";
import { StoreError } from "./operator-store.ts";

/**
 * Writes keys to a store that cannot write two at once. The order keeps more clients from EdgeZero
 * between the two writes than before or after them: a switch that goes off is written first, one that
 * goes on last. The first fault ends it, and its message says which keys were written.
 */
export async function writeOneByOne(
  changes: Changes,
  put: (key: RolloutKey, value: string) => Promise<void>,
): Promise<void> {
  const flag = changes[EDGEZERO_ENABLED_KEY];
  const flagFirst = flag !== undefined && !parseEdgezeroFlag(flag);
  const order: RolloutKey[] = flagFirst
    ? [EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY]
    : [EDGEZERO_ROLLOUT_PCT_KEY, EDGEZERO_ENABLED_KEY];
  let written = "";
  for (const key of order) {
    const value = changes[key];
    if (value === undefined) continue;
    try {
      await put(key, value);
    } catch (error) {
      throw new StoreError(`${written}${messageOf(error)}`, { cause: error });
    }
    written = `${key} was written, but not all: `;
  }
}
