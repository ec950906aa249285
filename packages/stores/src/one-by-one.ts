import {
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
  parseEdgezeroFlag,
} from "@edgezero/rollout";
import type { Changes, RolloutKey } from "./operator-store.ts";
import { StoreError } from "./operator-store.ts";

/**
 * Writes keys to a store that cannot write two at once, in the order in which no state between them
 * sends more clients to EdgeZero than the ones before and after: a switch that goes off is first,
 * one that goes on is last. The first failure ends it, and the message says what was written.
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
      throw new StoreError(`${written}${(error as Error).message}`, { cause: error });
    }
    written = `${key} was written, but not all: `;
  }
}
