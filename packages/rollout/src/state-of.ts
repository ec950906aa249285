import { parseRolloutPct } from "./config-values.ts";
import { quote } from "./fault-log.ts";
import { fnv1a32 } from "./fnv1a.ts";
import type { KeyReading } from "./read-key.ts";
import { isValue } from "./read-key.ts";
import type { RolloutReason } from "./reasons.ts";
import type { RolloutState } from "./rollout-state.ts";

/**
 * The state that two readings mean, frozen. Pure and total.
 *
 * @param pct `undefined` where the switch is not on: the percentage was not read then.
 */
export function stateOf(flag: KeyReading, pct: KeyReading | undefined): RolloutState {
  const rolloutPct = parseRolloutPct(pct);
  return Object.freeze({
    enabled: pct !== undefined,
    rolloutPct: rolloutPct ?? 0,
    reason: reasonOf(flag, pct, rolloutPct),
    epoch: fnv1a32(`${valueOf(flag)}\n${valueOf(pct)}`).toString(16),
  });
}

function reasonOf(
  flag: KeyReading,
  pct: KeyReading | undefined,
  rolloutPct: number | null,
): RolloutReason {
  if (!isValue(flag)) {
    // By name, since a store may bring its own copy of this package.
    const isUnavailable = quote(flag.error).startsWith('"ConfigStoreUnavailableError');
    return isUnavailable ? "store-unavailable" : "flag-unreadable";
  }
  if (pct === undefined) return "disabled";
  if (!isValue(pct)) return "pct-unreadable";
  if (pct === null) return "pct-absent";
  if (rolloutPct === null) return "pct-invalid";
  if (rolloutPct === 0) return "rollback";
  return rolloutPct === 100 ? "cutover" : "bucket";
}

function valueOf(reading: KeyReading | undefined): string | null | undefined {
  return isValue(reading) ? reading : undefined;
}
