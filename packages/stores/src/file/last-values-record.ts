import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { StoredValues } from "../operator-store.ts";
import { storedValues } from "../stored-values.ts";

/** A clock that is set back by so much is in order. */
const CLOCK_STEP_MS = 1000;

/** The last values of one store, with the time of their read in milliseconds since 1970. */
export interface LastValuesRecord {
  readonly store: string;
  readonly values: StoredValues;
  readonly readAt: number;
}

/** The conditions under which a record may be used. */
export interface RecordUse {
  readonly store: string;
  readonly maxAgeMs: number;
  readonly now: number;
}

/** A record that may be used, and its age; or why it may not, which goes on after "last values". */
export type RecordOutcome =
  | { readonly kind: "usable"; readonly values: StoredValues; readonly ageMs: number }
  | { readonly kind: "refused"; readonly why: string };

/** The text of a record. */
export function recordText({ store, values, readAt }: LastValuesRecord): string {
  return `${JSON.stringify({ store, readAt: new Date(readAt).toISOString(), values }, null, 2)}\n`;
}

/** Reads the text of a record, and checks whether it may be used. */
export function parseRecord(text: string, { store, maxAgeMs, now }: RecordUse): RecordOutcome {
  const record = readRecord(text);
  if (record === null) return refused("they are not in a form that this gateway writes");
  if (record.store !== store) return refused("they are of another store");
  const ageMs = now - record.readAt;
  if (!(ageMs >= -CLOCK_STEP_MS)) return refused("they are of the future: the clock was set back");
  if (ageMs >= maxAgeMs) {
    return refused(`they are ${Math.round(ageMs)} ms old, and may be ${maxAgeMs} ms old at most`);
  }
  return { kind: "usable", values: record.values, ageMs: Math.max(0, ageMs) };
}

function refused(why: string): RecordOutcome {
  return { kind: "refused", why };
}

function readRecord(text: string): LastValuesRecord | null {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(found)) return null;
  const { store, readAt, values } = found;
  if (!isRecord(values)) return null;
  const time = typeof readAt === "string" ? Date.parse(readAt) : Number.NaN;
  const given = [EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY].map((key) => values[key]);
  const isValid = given.every((value) => value === null || typeof value === "string");
  if (typeof store !== "string" || Number.isNaN(time) || !isValid) return null;
  return { store, readAt: time, values: storedValues((key) => textOrNull(values[key])) };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
