import type { LegacyBy } from "@edgezero/control-api/legacy-by";
import type { Reading } from "@edgezero/operations/reading";
import type { RolloutReason } from "@edgezero/rollout";
import { EDGEZERO_ENABLED_KEY } from "@edgezero/rollout";

/** The reasons that stored values can have for sending every client to legacy. */
const BY_REASON: Partial<Readonly<Record<RolloutReason, LegacyBy>>> = {
  rollback: "set-to-0",
  disabled: "switched-off",
  "pct-absent": "pct-missing",
  "pct-invalid": "pct-invalid",
};

/**
 * What in the store sends every client to legacy, by the reason that gateways derive from it. `null` where the
 * store was not read, or sends clients to EdgeZero. Pure.
 */
export function legacyByOf(reading: Reading | null): LegacyBy | null {
  if (reading === null) return null;
  const { values, state } = reading;
  const by = BY_REASON[state.reason] ?? null;
  return by === "switched-off" && values[EDGEZERO_ENABLED_KEY] === null ? "switch-missing" : by;
}
