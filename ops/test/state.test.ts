import { refusingUrl } from "@edgezero/testbed/upstream";
import type { PrometheusServer } from "@edgezero/testbed/prometheus/prometheus-server";
import { startPrometheus } from "@edgezero/testbed/prometheus/prometheus-server";
import { describeWithPrometheus } from "@edgezero/testbed/prometheus/promtool";
import { afterAll, beforeAll, expect, test } from "vitest";
import { statOf } from "./dashboard.ts";
import { RULES } from "./shipped-rules.ts";
import type { Counted, SyntheticTarget } from "./synthetic-target.ts";
import { startSyntheticTarget } from "./synthetic-target.ts";

/** A job by its name: what its gateway counts, and what the dashboard shows on top. */
const JOBS: Readonly<Record<string, { readonly counted: Counted; readonly shown: RegExp }>> = {
  healthy: {
    counted: { pct: 10, legacy: [90_000, 90], edgezero: [10_000, 10] },
    shown: /^go, (?:10000 of 81\d\d|\d+ of 1000) requests$/,
  },
  scarce: {
    counted: { pct: 10, legacy: [9000, 9], edgezero: [1000, 0] },
    shown: /^not enough evidence, 1000 of 81\d\d requests$/,
  },
  broken: {
    counted: { pct: 10, legacy: [90_000, 90], edgezero: [10_000, 500] },
    shown: /^roll back, (?:10000 of 81\d\d|\d+ of 1000) requests$/,
  },
  // All of a few: of 10,000 that the statistics ask for, 12 are enough.
  "all-fail": {
    counted: { pct: 1, legacy: [1200, 0], edgezero: [12, 12] },
    shown: /^roll back, 12 of \d+ requests$/,
  },
  // Healthy, but another gateway of the job cannot be scraped.
  unseen: {
    counted: { pct: 10, legacy: [90_000, 90], edgezero: [10_000, 10] },
    shown: /^hold, (?:10000 of 81\d\d|\d+ of 1000) requests$/,
  },
  idle: {
    counted: { pct: 0, legacy: [90_000, 90], edgezero: [0, 0] },
    shown: /^not enough evidence, 0 of \d+ requests$/,
  },
};

const STATE = statOf("State");

describeWithPrometheus("the dashboard's state, as a real Prometheus answers its query", () => {
  let target: SyntheticTarget;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    target = await startSyntheticTarget();
    for (const [name, { counted }] of Object.entries(JOBS)) {
      target.set(name, { ...counted, legacy: [0, 0], edgezero: [0, 0] });
    }
    prometheus = await startPrometheus({
      "prometheus.yml": configFor(target.host, new URL(await refusingUrl()).host),
      "edgezero.rules.yml": RULES.replaceAll(/^( +for:) \d+[ms]$/gm, "$1 1s"),
    });
  });

  afterAll(async () => {
    await prometheus?.close();
    await target?.close();
  });

  async function shown(job: string): Promise<string[]> {
    return STATE.shown(await prometheus.query(STATE.queryFor(job)));
  }

  async function firingNoData(): Promise<number> {
    const alerts = await prometheus.alerts();
    return alerts.filter(
      ({ labels, state }) => labels["alertname"] === "EdgeZeroNoData" && state === "firing",
    ).length;
  }

  test("before a job is known, and before its first request, is not enough evidence", async () => {
    for (const job of Object.keys(JOBS).filter((name) => name !== "unseen")) {
      expect(await shown(job)).toEqual([expect.stringMatching(/^not enough evidence, /)]);
    }
    expect(await shown("no-such-job")).toEqual([
      "not enough evidence, unknown of unknown requests",
    ]);
  });

  test("is one of four once there are requests, with n of N", async () => {
    // What came since the evaluation before is counted, so that there must be one.
    const counting = 'count(job_path:edgezero_stage:requests{path="edgezero", outcome="all"})';
    await expect
      .poll(async () => (await prometheus.query(counting))[0]?.value)
      .toBe(Object.keys(JOBS).length);
    for (const [job, { counted }] of Object.entries(JOBS)) target.set(job, counted);
    for (const [job, expected] of Object.entries(JOBS)) {
      await expect.poll(async () => shown(job)).toEqual([expect.stringMatching(expected.shown)]);
    }
    // All at one time: no state is one that is only passed through.
    const jobs = Object.entries(JOBS);
    await expect
      .poll(async () => Promise.all(jobs.map(async ([job]) => shown(job))))
      .toEqual(jobs.map(([, expected]) => [expect.stringMatching(expected.shown)]));
  });

  test("is not enough evidence for each, once scrapes fail, and there is an alert", async () => {
    await target.close();
    for (const job of Object.keys(JOBS)) {
      await expect
        .poll(async () => shown(job))
        .toEqual(["not enough evidence, unknown of unknown requests"]);
    }
    await expect.poll(firingNoData).toBe(Object.keys(JOBS).length);
  });
});

function configFor(host: string, refusing: string): string {
  const jobs = Object.keys(JOBS).map(
    (job) => `
  - job_name: ${job}
    metrics_path: /${job}
    static_configs: [{ targets: ["${host}"${job === "unseen" ? `, "${refusing}"` : ""}] }]`,
  );
  return `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [edgezero.rules.yml]
scrape_configs:${jobs.join("")}
`;
}
