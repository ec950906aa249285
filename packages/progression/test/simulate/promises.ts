import type { RolloutPlan } from "../../src/index.ts";
import { expandPlan } from "../../src/index.ts";
import { RUNBOOK_PLAN } from "../../src/plan/index.ts";
import type {
  Fault,
  Proportion,
  RehearsalSummary,
  SyntheticClients,
  SyntheticTraffic,
} from "../../src/rehearsal/index.ts";
import { rehearseMany } from "../../src/rehearsal/index.ts";
import type { Print } from "./tables.ts";

const RUNBOOK: RolloutPlan = expandPlan(RUNBOOK_PLAN);
const TRAFFIC: SyntheticTraffic = { rps: 500 };

/** Stages 1 to 3, in windows of a minute. */
const BEFORE_CUTOVER: RolloutPlan = {
  ...RUNBOOK,
  stages: RUNBOOK.stages.slice(0, 3),
  windowMs: 60_000,
};

/** The largest of so many clients sends about a hundredth of all requests. */
const CLIENTS: SyntheticClients = { count: 20_000, tail: 1.5 };

/** Sites whose EdgeZero is as good as legacy. */
const HEALTHY: Readonly<Record<string, SyntheticTraffic>> = {
  "independent failures": TRAFFIC,
  "bursts of 10": { ...TRAFFIC, burst: 10 },
  "heavy-tailed clients": { ...TRAFFIC, clients: CLIENTS },
};

/** The same, beyond what is promised: clients that fail with all that they send in a minute. */
const CLUSTERED: Readonly<Record<string, SyntheticTraffic>> = Object.fromEntries(
  [0.01, 0.1, 1].map((badMoments) => [
    `heavy-tailed clients, ${100 * badMoments}% of failures by bad moments`,
    { ...TRAFFIC, clients: { ...CLIENTS, badMoments } },
  ]),
);

/** A rate of EdgeZero's failures from the start on, and the most minutes until half are rolled back. */
const FAULTY: readonly {
  readonly rate: number;
  readonly traffic: SyntheticTraffic;
  readonly asked: string;
}[] = [
  { rate: 0.005, traffic: TRAFFIC, asked: "at most 7" },
  { rate: 0.02, traffic: TRAFFIC, asked: "at most 2" },
  { rate: 0.005, traffic: { ...TRAFFIC, clients: CLIENTS }, asked: "–" },
  { rate: 0.02, traffic: { ...TRAFFIC, clients: CLIENTS }, asked: "–" },
];

/** What is promised of the runbook's plan at 500 requests per second, one row as soon as it is known. */
export function printPromises(
  print: Print,
  healthyRuns: number,
  faultyRuns: number,
  seed: number,
): void {
  print(`\n| runbook at 500 rps, EdgeZero fails from the start | asked | median minutes | found |`);
  print("| --- | ---: | ---: | ---: |");
  for (const { rate, traffic, asked } of FAULTY) {
    const fault: Fault = { kind: "rate", signal: "errors", rate, atMs: 0, forMs: null };
    const { detection, detected } = rehearseMany(RUNBOOK, traffic, [fault], faultyRuns, seed);
    const { medianMs = null, lowerMs = null, upperMs = null } = detection ?? {};
    const found = detected === null ? "–" : shown(detected);
    const median = `${minutes(medianMs)} (${minutes(lowerMs)} to ${minutes(upperMs)})`;
    print(
      `| ${100 * rate}%${traffic.clients ? ", heavy-tailed clients" : ""} | ${asked} | ${median} | ${found} |`,
    );
  }
  print(
    `\n| runbook's stages 1 to 3, windows of a minute, healthy | rolled back | completed | held |`,
  );
  print("| --- | ---: | ---: | --- |");
  const rows = [
    ...Object.entries(HEALTHY).map(([name, traffic]) => ({ name, traffic, runs: healthyRuns })),
    ...Object.entries(CLUSTERED).map(([name, traffic]) => ({ name, traffic, runs: faultyRuns })),
  ];
  for (const { name, traffic, runs } of rows) {
    const summary = rehearseMany(BEFORE_CUTOVER, traffic, [], runs, seed);
    const { falseRollbacks, completed } = summary;
    print(`| ${name} | ${shown(falseRollbacks)} | ${shown(completed)} | ${heldOf(summary)} |`);
  }
}

function shown({ hits, runs, part, lower, upper }: Proportion): string {
  const [a, b, c] = [part, lower, upper].map((one) => (100 * one).toFixed(2));
  return `${hits} of ${runs}: ${a}% (${b} to ${c})`;
}

function minutes(ms: number | null): string {
  return ms === null ? "never" : (ms / 60_000).toFixed(2);
}

function heldOf({ held, bySignal }: RehearsalSummary): string {
  return JSON.stringify({ ...held, ...bySignal });
}
