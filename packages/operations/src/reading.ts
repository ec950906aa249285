import type { RolloutReason, RolloutState } from "@edgezero/rollout";
import {
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
  parseRolloutPct,
  readRollout,
} from "@edgezero/rollout";
import { printable } from "@edgezero/faults/printable";
import type { StoredValues } from "@edgezero/stores/operator-store";

/** Both values, and what every gateway makes of them. */
export interface Reading {
  readonly values: StoredValues;
  readonly state: RolloutState;
  /** The percentage that is stored, whatever the switch says; `null` when absent or invalid. */
  readonly storedPct: number | null;
}

/** Reads the values as a gateway does. */
export async function readingOf(values: StoredValues): Promise<Reading> {
  const state = await readRollout({ get: (key) => values[key as keyof StoredValues] ?? null });
  return { values, state, storedPct: parseRolloutPct(values[EDGEZERO_ROLLOUT_PCT_KEY]) };
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

/** A text of others, quoted, at most 200 characters of it. */
export function quoted(value: string): string {
  return printable(JSON.stringify(value.length > 200 ? `${value.slice(0, 199)}…` : value));
}

const MEANINGS: Readonly<Partial<Record<RolloutReason, string>>> = {
  disabled: "off: every client goes to legacy",
  "pct-absent": "on, but without a percentage: every client goes to legacy",
  "pct-invalid": "on, but the percentage is not one: every client goes to legacy",
  rollback: "on, at 0%: every client goes to legacy",
  cutover: "on, at 100%: every client goes to EdgeZero",
};

/** What a state means, in a sentence. */
export function meaningOf({ state }: Reading): string {
  const { reason, rolloutPct } = state;
  if (reason === "bucket") {
    return `on, at ${rolloutPct}%: about ${shareText(rolloutPct)} clients go to EdgeZero`;
  }
  return MEANINGS[reason] ?? `${reason}: every client goes to legacy`;
}

/** A share of clients: `4 in 10`, `7 in 100`. */
export function shareText(pct: number): string {
  return pct % 10 === 0 ? `${pct / 10} in 10` : `${pct} in 100`;
}
