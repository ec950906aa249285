import type { SizeData } from "../size/measure.ts";
import { figure, table } from "./table.ts";

/** One row for each way to decide, and one for a process that does nothing. */
export function sizeTable({ rows, nothingMs }: SizeData): string {
  const head = [
    "one decision's import",
    "minified, B",
    "gzipped, B",
    "× ours",
    "first decision, ms",
  ];
  const body = rows.map(({ name, minified, gzipped, timesOurs, startMs }, i) => [
    i === 0 ? `**${name}**` : name,
    figure(minified, 9),
    figure(gzipped, 9),
    figure(timesOurs),
    figure(startMs),
  ]);
  return table(head, [...body, ["a process that does nothing", "", "", "", figure(nothingMs)]]);
}
