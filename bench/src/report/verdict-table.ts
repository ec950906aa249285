import type { VerdictData, WindowRow } from "../verdicts/measure.ts";
import { figure, table } from "./table.ts";

/** One row for each thing that is asked of the progression, with what it costs. */
export function verdictTable(data: VerdictData): string {
  const { added, reduced, reducedMs, scale, rehearsedSeconds, rehearsedWindows } = data;
  const rows = [
    ...added.map((row) => rowOf("`addWindow`, four signals", row)),
    ...reduced.map((row) => rowOf("`reduce`, the store and a window", row)),
    [`${figure(scale.windows)} windows of 15 s, reduced, CPU`, `${figure(reducedMs)} ms`, ""],
    [
      `${figure(scale.rehearsals)} rehearsals of a day's minutes, CPU`,
      `${figure(rehearsedSeconds)} s`,
      `${figure((rehearsedSeconds * 1e6) / rehearsedWindows)} µs a window`,
    ],
  ];
  return table(["what", "median", "90 %"], rows);
}

function rowOf(name: string, { after, median, ninetieth }: WindowRow): string[] {
  return [`${name}, after ${figure(after, 9)}`, `${figure(median)} µs`, `${figure(ninetieth)} µs`];
}
