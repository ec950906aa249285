import type { DecisionData, DecisionRow } from "../decision/measure.ts";
import { BARE, DECIDE, FLOOR, FULL, STATELESS } from "../decision/measure.ts";
import type { SizeData } from "../size/measure.ts";
import type { VerdictData } from "../verdicts/measure.ts";
import type { WorkerData } from "../workers/measure.ts";
import { FASTLY, NODE, WORKERD_PROXY } from "../comparisons.ts";
import type { NginxData } from "../nginx/measure.ts";
import type { ProxyRow } from "../proxies/measure.ts";
import { GATEWAY } from "../proxies/measure.ts";
import { median } from "../statistics.ts";
import type { HttpData } from "./http-table.ts";
import type { Result } from "./results.ts";
import { isBusy } from "./results.ts";
import { figure, table } from "./table.ts";

const OURS = new Set([FLOOR, BARE, DECIDE, FULL, STATELESS]);

/** What the benchmarks have found that have goals. */
export interface Findings {
  readonly decision: DecisionData;
  readonly size: SizeData;
  readonly verdicts: VerdictData;
  readonly http: Result<HttpData>;
  readonly proxies: Result<readonly ProxyRow[]>;
  readonly nginx: NginxData;
  readonly workers: WorkerData;
}

/** One row for each goal: what was asked, what was measured, and whether that is enough. */
export function goalTable(findings: Findings): string {
  const { decision, size, verdicts, http, proxies, nginx, workers } = findings;
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
  rows.push(...verdictGoals(verdicts));
  rows.push(...throughputGoals(http), ...proxyGoals(proxies), nginxGoal(nginx));
  rows.push([
    "Node: throughput of two workers against one, on two cores",
    "at least 1.3 times",
    `${workers.ratio.toFixed(2)} times`,
    // Where others want the cores too, two processes also get a larger share of them than one.
    verdict(workers.ratio >= 1.3, { loadAverage: workers.waiting }),
  ]);
  return table(["goal", "asked", "measured", "met"], rows);
}

/** What a gateway must reach of the same without it. The others have no goal: see the README. */
const LEAST_RATIO: Readonly<Record<string, number>> = {
  [NODE.title]: 0.97,
  [WORKERD_PROXY.title]: 0.97,
  [FASTLY.title]: 1,
};

function throughputGoals(http: Result<HttpData>): string[][] {
  return Object.entries(LEAST_RATIO).map(([title, least]) => {
    const goal = `${title}: throughput`;
    const asked = `at least ${least.toFixed(2)}`;
    const found = http.data.gateways.find((each) => each.title === title);
    if (found === undefined) return [goal, asked, "not measured", "not known"];
    const { ratio, cpuRatio } = found;
    const measured = `${ratio.toFixed(2)}, by CPU ${cpuRatio.toFixed(2)}`;
    // On a machine that is busy with other work, the first alone may be luck.
    return [goal, asked, measured, verdict(Math.min(ratio, cpuRatio) >= least, http)];
  });
}

function proxyGoals(proxies: Result<readonly ProxyRow[]>): string[][] {
  const node = proxies.data.find(({ name }) => name === GATEWAY);
  if (node === undefined) throw new Error(`${GATEWAY} was not measured`);
  const byCpu = median(node.cpuRatios);
  return [
    [
      "Node in front of origins: CPU time of nginx by its own",
      "at least 0.35",
      byCpu.toFixed(2),
      verdict(byCpu >= 0.35, proxies),
    ],
  ];
}

function nginxGoal({ pairs: { ratio } }: NginxData): string[] {
  const goal = "nginx gateway: CPU time of `split_clients` by its own";
  return [goal, "at least 0.80", ratio.toFixed(2), verdict(ratio >= 0.8)];
}

/** How much more the last windows of a rollout may cost than its first ones, before it counts as growth. */
const CONSTANT = 1.5;

function verdictGoals(data: VerdictData): string[][] {
  const { added, reducedMs, scale, rehearsedSeconds } = data;
  const [first, last] = added;
  const [early, late] = [first?.median ?? Infinity, last?.median ?? Infinity];
  const slower = Math.max(early, late);
  const times = late / early;
  return [
    [
      "one window with four signals, added",
      "at most 20 µs",
      `${figure(slower)} µs`,
      verdict(slower <= 20),
    ],
    [
      `the same after ${figure(last?.after ?? 0)} windows`,
      `at most ${CONSTANT} times`,
      `${figure(times)} times`,
      verdict(times <= CONSTANT),
    ],
    [
      `${figure(scale.windows)} windows of 15 s, reduced, CPU`,
      "at most 1 s",
      `${figure(reducedMs / 1000)} s`,
      verdict(reducedMs <= 1000),
    ],
    [
      `${figure(scale.rehearsals)} rehearsals of a day's minutes, CPU`,
      "at most 60 s",
      `${figure(rehearsedSeconds)} s`,
      verdict(rehearsedSeconds <= 60),
    ],
  ];
}

function rowOf({ rows }: DecisionData, name: string): DecisionRow {
  const row = rows.find((each) => each.name === name);
  if (row === undefined) throw new Error(`${name} was not measured`);
  return row;
}

function verdict(met: boolean, measured: Pick<Result<unknown>, "loadAverage"> = {}): string {
  if (isBusy(measured)) return "not known: busy";
  return met ? "yes" : "**no**";
}
