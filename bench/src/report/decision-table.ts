import type { DecisionData } from "../decision/measure.ts";
import { FLOOR, FULL } from "../decision/measure.ts";
import { figure, table } from "./table.ts";

/** One row for each way to decide. */
export function decisionTable({ rows, failed }: DecisionData): string {
  const head = ["one decision", "ns", "× bare loop", "× ours", "share, %"];
  const body = rows.map((row) => [
    row.name === FULL ? `**${row.name}**` : row.name,
    figure(row.nanoseconds),
    figure(row.timesBareLoop),
    row.name === FLOOR ? "" : figure(row.timesFullDecision),
    row.name === FLOOR ? "" : row.share.toFixed(2),
  ]);
  for (const [name, error] of Object.entries(failed)) body.push([name, error, "", "", ""]);
  return table(head, body);
}
