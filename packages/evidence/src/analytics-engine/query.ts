import type { Dataset } from "./dataset.ts";

/** Rows of an answer that are read at most. One that has as many may lack some. */
export const MOST_ROWS = 100_000;

/**
 * Asks for the data points of whole windows, in groups of equal ones. The columns are those that the
 * Worker's README documents. Only documented functions are used:
 * https://developers.cloudflare.com/analytics/analytics-engine/sql-reference/
 *
 * The Worker's clock moves in whole milliseconds, so that rounding a duration up changes nothing.
 */
export function queryOf(
  { name, service }: Dataset,
  fromMs: number,
  toMs: number,
  windowMs: number,
): string {
  const begins = `intDiv(toUnixTimestamp(timestamp), ${windowMs / 1000})`;
  const columns = [
    `${begins} AS number`,
    "blob3 AS path",
    "blob5 AS epoch",
    "blob6 AS outcome",
    "blob7 AS excluded",
    "if(blob6 IN ('ok', 'aborted'), ceil(double1), 0) AS duration_ms",
    "if(double6 >= 0, 1, 0) AS is_sent",
    "_sample_interval AS sample_interval",
  ];
  const sums = [
    "sum(double2) AS weight",
    "max(toUnixTimestamp(timestamp)) AS newest",
    "min(double4) AS least_pct",
    "max(double4) AS most_pct",
  ];
  const groups = ["number", "path", "epoch", "outcome", "excluded", "duration_ms", "is_sent"];
  const conditions = [
    `timestamp >= toDateTime(${fromMs / 1000})`,
    `timestamp < toDateTime(${toMs / 1000})`,
    "double7 = 1",
    `blob1 = '${service}'`,
  ];
  return [
    `SELECT ${[...columns, ...sums].join(", ")}`,
    `FROM ${name}`,
    `WHERE ${conditions.join(" AND ")}`,
    `GROUP BY ${[...groups, "sample_interval"].join(", ")}`,
    `LIMIT ${MOST_ROWS}`,
    "FORMAT JSON",
  ].join("\n");
}
