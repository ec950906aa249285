import type { RolloutPath } from "../counters/count-path.ts";
import type { Missing } from "../source.ts";
import { missing } from "../source.ts";
import { MOST_ROWS } from "./query.ts";

/** Equal data points of one window. */
export interface Row {
  /** The window's beginning, in windows since 1970. */
  readonly number: number;
  readonly path: RolloutPath;
  readonly epoch: string;
  readonly outcome: string;
  readonly isExcluded: boolean;
  readonly durationMs: number;
  /** `null` where the last byte was not sent, or where the Worker could not tell. */
  readonly lastByteMs: number | null;
  /** How many data points each of them stands for, 1 or more. */
  readonly sampleInterval: number;
  /** How many data points there are, each by the weight that the Worker gave it. */
  readonly weight: number;
  /** Milliseconds of the epoch. */
  readonly newest: number;
  /** The lowest and the highest percentage in force. */
  readonly pct: readonly [number, number];
}

/**
 * Reads an answer in the format JSON. Whole numbers of 64 bits may come as texts.
 * https://developers.cloudflare.com/analytics/analytics-engine/sql-reference/statements/#json
 *
 * One row that is not in order makes the whole answer `missing`: a failure might be in it.
 */
export function readRows(text: string): readonly Row[] | Missing {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return missing("not-understood", "the answer is not JSON");
  }
  const { data, rows } = fieldsOf(answer);
  if (!Array.isArray(data) || numberOf(rows) !== data.length) {
    return missing("not-understood", "the answer is not one of Analytics Engine's SQL API");
  }
  if (data.length >= MOST_ROWS) return missing("too-large", `${MOST_ROWS} rows or more`);
  const known = data.map(rowOf);
  const isWhole = (all: readonly (Row | null)[]): all is readonly Row[] => !all.includes(null);
  return isWhole(known) ? known : missing("not-understood", "a row is not one of our data points");
}

function rowOf(value: unknown): Row | null {
  const fields = fieldsOf(value);
  const { path, epoch, outcome, excluded } = fields;
  const number = numberOf(fields["number"]);
  const durationMs = numberOf(fields["duration_ms"]);
  const isSent = numberOf(fields["is_sent"]);
  const sampleInterval = numberOf(fields["sample_interval"]);
  const weight = numberOf(fields["weight"]);
  const newest = numberOf(fields["newest"]);
  const leastPct = numberOf(fields["least_pct"]);
  const mostPct = numberOf(fields["most_pct"]);
  if (path !== "legacy" && path !== "edgezero") return null;
  if (typeof epoch !== "string" || !/^[0-9a-f]{1,8}$/.test(epoch)) return null;
  if (typeof outcome !== "string" || typeof excluded !== "string") return null;
  if (leastPct === null || mostPct === null) return null;
  if (number === null || durationMs === null || isSent === null || newest === null) return null;
  if (sampleInterval === null || sampleInterval < 1 || weight === null || weight < 1) return null;
  return {
    number,
    path,
    epoch,
    outcome,
    isExcluded: excluded !== "",
    durationMs,
    // Only whether there was a last byte counts.
    lastByteMs: isSent === 0 ? null : durationMs,
    sampleInterval,
    weight,
    newest: newest * 1000,
    pct: [leastPct, mostPct],
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** A finite number of at least 0, or a text of digits; else `null`. */
function numberOf(value: unknown): number | null {
  const number = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? number : null;
}
