import type { DecisionData, DecisionRow } from "../decision/measure.ts";
import { BARE, DECIDE, FLOOR, FULL, STATELESS } from "../decision/measure.ts";
import type { SizeData } from "../size/measure.ts";
import type { HttpData } from "./http-table.ts";
import { figure, table } from "./table.ts";

const OURS = new Set([FLOOR, BARE, DECIDE, FULL, STATELESS]);

/** One row for each goal: what was asked, what was measured, and whether that is enough. */
export function goalTable(decision: DecisionData, size: SizeData, http: HttpData): string {
  const decide = rowOf(decision, DECIDE).timesBareLoop;
  const fastest = decision.rows
    .filter(({ name }) => !OURS.has(name))
    .toSorted((a, b) => a.timesFullDecision - b.timesFullDecision)[0];
  const smallest = size.rows.slice(1).toSorted((a, b) => a.gzipped - b.gzipped)[0];
  const share = 1 / (smallest?.timesOurs ?? 0);
  const peer = fastest?.timesFullDecision ?? 0;
  const rows = [
    ["`decide` against the bare loop", "at most 1.25", figure(decide), verdict(decide <= 1.25)],
    [
      `full decision against the fastest peer (${fastest?.name})`,
      "5 times as fast",
      `${figure(peer)} times`,
      verdict(peer >= 5),
    ],
    [
      `import against the smallest peer (${smallest?.name})`,
      "at most 0.25",
      figure(share),
      verdict(share <= 0.25),
    ],
  ];
  for (const { title, ratio, cpuRatio } of http.gateways) {
    rows.push([
      `${title}: throughput with the rollout`,
      "at least 0.97",
      `${ratio.toFixed(2)}, by CPU ${cpuRatio.toFixed(2)}`,
      // On a machine that is busy with other work, the first alone may be luck.
      verdict(Math.min(ratio, cpuRatio) >= 0.97),
    ]);
  }
  return table(["goal", "asked", "measured", "met"], rows);
}

function rowOf({ rows }: DecisionData, name: string): DecisionRow {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) throw new Error(`${name} was not measured`);
  return row;
}

function verdict(met: boolean): string {
  return met ? "yes" : "**no**";
}
