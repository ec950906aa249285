import type { ConfiguredReason, RolloutReason, RolloutState } from "@edgezero/rollout";
import {
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
  parseRolloutPct,
  readRollout,
  REASONS,
} from "@edgezero/rollout";
import { printable } from "@edgezero/faults/printable";
import type { StoredValues } from "@edgezero/stores/operator-store";

/** Both values, and the state that every gateway derives from them. */
export interface Reading {
  readonly values: StoredValues;
  readonly state: RolloutState;
  /** The stored percentage, whatever the switch says; `null` where it is absent or not valid. */
  readonly storedPct: number | null;
}

/** Reads the values as a gateway does. */
export async function readingOf(values: StoredValues): Promise<Reading> {
  const state = await readRollout({ get: (key) => values[key as keyof StoredValues] ?? null });
  return { values, state, storedPct: parseRolloutPct(values[EDGEZERO_ROLLOUT_PCT_KEY]) };
}

/** A reading as every JSON document has it. */
export function readingDocument({ values, state }: Reading): Record<string, unknown> {
  return { values, state };
}

/** Whether no client goes to EdgeZero. */
export function isAllLegacy({ state }: Reading): boolean {
  return state.rolloutPct === 0;
}

/** Both values on one line, for people: quoted as they are stored. */
export function valuesText(values: StoredValues): string {
  return ([EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY] as const)
    .map((key) => `${key} ${values[key] === null ? "absent" : quoted(values[key])}`)
    .join(", ");
}

/** A text of unknown origin, quoted and cut to 200 characters, without control characters. */
export function quoted(value: string): string {
  return printable(JSON.stringify(value.length > 200 ? `${value.slice(0, 199)}…` : value));
}

/** The reasons that stored values can have, in an operator's words. */
const SWITCH_AND_SHARE: Readonly<
  Record<Exclude<ConfiguredReason, "bucket"> | "pct-absent" | "pct-invalid", string>
> = {
  disabled: "off",
  "pct-absent": "on, but without a percentage",
  "pct-invalid": "on, but the percentage is not one",
  rollback: "on, at 0%",
  cutover: "on, at 100%",
};

/** The meaning of a state, in a sentence without a full stop. */
export function meaningOf({ state }: Reading): string {
  const { reason, rolloutPct } = state;
  if (reason === "bucket") {
    return `on, at ${rolloutPct}%: about ${shareText(rolloutPct)} clients go to EdgeZero`;
  }
  const path = REASONS[reason].path === "edgezero" ? "EdgeZero" : "legacy";
  return `${isStored(reason) ? SWITCH_AND_SHARE[reason] : reason}: every client goes to ${path}`;
}

function isStored(reason: RolloutReason): reason is keyof typeof SWITCH_AND_SHARE {
  return Object.hasOwn(SWITCH_AND_SHARE, reason);
}

/** A share of clients, for people: `4 in 10`, `7 in 100`. */
export function shareText(pct: number): string {
  return pct % 10 === 0 ? `${pct / 10} in 10` : `${pct} in 100`;
}
