import type { DecisionEvent } from "@edgezero/rollout/attribution";
import { parseMetrics } from "@edgezero/testbed/metrics-page";
import { describeWithPrometheus, promtool } from "@edgezero/testbed/prometheus/promtool";
import { describe, expect, test } from "vitest";
import { createMetrics } from "./metrics.ts";

const event: DecisionEvent = {
  version: 1,
  time: 0,
  service: "site",
  runtime: "node",
  path: "edgezero",
  reason: "bucket",
  rolloutPct: 50,
  bucket: 7,
  epoch: "00000000",
  status: 200,
  outcome: "ok",
  durationMs: 2,
  lastByteMs: null,
  excluded: null,
  weight: 1,
};

function createTestMetrics(confirmedAt: number | null = 0): ReturnType<typeof createMetrics> {
  const store = {
    get: (key: string) => (key === "edgezero_enabled" ? "true" : "50"),
    confirmedAt: () => confirmedAt,
    isUnlinked: () => true,
    close: () => {},
  };
  return createMetrics(store, { legacy: 2, edgezero: 3 });
}

/** The page, without the series of a histogram's buckets, and with the values that change as `_`. */
async function pageOf({ page }: ReturnType<typeof createMetrics>): Promise<string> {
  return (await page())
    .replaceAll(/^.*_bucket\{.*\n/gm, "")
    .replace(/^(edgezero_config_(?:age_seconds|epoch)) .*$/gm, "$1 _")
    .replaceAll(/^edgezero_requests_total\{.*\} 0\n/gm, "");
}

describe("dashboards and rules rely on the page", () => {
  test("its text, without buckets and counts of 0, is as it was", async () => {
    const metrics = createTestMetrics();
    void metrics.sink(event);
    void metrics.sink({
      ...event,
      path: "legacy",
      reason: "pct-absent",
      status: null,
      durationMs: 3,
    });
    void metrics.sink({
      ...event,
      reason: "forced",
      excluded: "forced",
      status: 999,
      durationMs: 4,
    });
    metrics.countDropped(3);
    metrics.countProbe();
    expect(await pageOf(metrics)).toBe(PAGE);
  });

  test("there are 25 counts of requests from the start, each 0", async () => {
    const samples = parseMetrics(await createTestMetrics().page());
    const counts = samples.filter(({ name }) => name === "edgezero_requests_total");
    expect([counts.length, counts.every(({ value }) => value === 0)]).toEqual([25, true]);
  });

  test("a bucket counts all durations up to its end, and the last one counts all", async () => {
    const metrics = createTestMetrics();
    for (const durationMs of [0.5, 1, 5000, 60_000]) void metrics.sink({ ...event, durationMs });
    const buckets = parseMetrics(await metrics.page())
      .filter(({ name }) => name === "edgezero_request_duration_seconds_bucket")
      .map(({ labels, value }) => [labels["le"], value]);
    expect(buckets[0]).toEqual(["0.001", 2]);
    expect(buckets.slice(-2)).toEqual([
      ["10", 3],
      ["+Inf", 4],
    ]);
  });

  test("there is no age before the store is first read", async () => {
    expect(await createTestMetrics(null).page()).not.toContain("edgezero_config_age_seconds");
  });
});

describeWithPrometheus("promtool", () => {
  test("finds no fault with a page of every metric", async () => {
    const metrics = createTestMetrics();
    void metrics.sink(event);
    void metrics.sink({ ...event, path: "legacy", excluded: "health" });
    expect(promtool(["check", "metrics"], await metrics.page())).toEqual({ code: 0, said: "" });
  });
});

const PAGE = `# HELP edgezero_requests_total Requests that were routed, by the path that they were assigned
# TYPE edgezero_requests_total counter
edgezero_requests_total{path="edgezero",reason="bucket",status_class="2xx",outcome="ok",excluded="no"} 1
edgezero_requests_total{path="legacy",reason="pct-absent",status_class="none",outcome="ok",excluded="no"} 1
edgezero_requests_total{path="edgezero",reason="forced",status_class="other",outcome="ok",excluded="forced"} 1
# HELP edgezero_config_read_failures_total Requests for which the config store gave no valid instruction
# TYPE edgezero_config_read_failures_total counter
edgezero_config_read_failures_total{reason="store-unavailable"} 0
edgezero_config_read_failures_total{reason="flag-unreadable"} 0
edgezero_config_read_failures_total{reason="pct-unreadable"} 0
edgezero_config_read_failures_total{reason="pct-absent"} 1
edgezero_config_read_failures_total{reason="pct-invalid"} 0
# HELP edgezero_events_dropped_total Decision events that a sink did not take
# TYPE edgezero_events_dropped_total counter
edgezero_events_dropped_total 3
# HELP edgezero_probes_total Signed probes that were answered, which are no requests
# TYPE edgezero_probes_total counter
edgezero_probes_total 1
# HELP edgezero_open_connections Responses that are still being sent and upgrades that are still open, by path
# TYPE edgezero_open_connections gauge
edgezero_open_connections{path="legacy"} 2
edgezero_open_connections{path="edgezero"} 3
# HELP edgezero_rollout_pct The percentage that requests are routed by, 0 where none is valid
# TYPE edgezero_rollout_pct gauge
edgezero_rollout_pct 50
# HELP edgezero_enabled 1 while the master switch is on
# TYPE edgezero_enabled gauge
edgezero_enabled 1
# HELP edgezero_config_epoch The epoch of the config, as a number: differs where gateways differ
# TYPE edgezero_config_epoch gauge
edgezero_config_epoch _
# HELP edgezero_config_age_seconds How long ago the config store last confirmed what is routed by
# TYPE edgezero_config_age_seconds gauge
edgezero_config_age_seconds _
# HELP edgezero_config_file_unlinked 1 while the config file that is read is no longer in any folder: changes do not reach it
# TYPE edgezero_config_file_unlinked gauge
edgezero_config_file_unlinked 1
# HELP edgezero_request_duration_seconds From the decision to the headers of the path's response
# TYPE edgezero_request_duration_seconds histogram
edgezero_request_duration_seconds_count{path="legacy",evidence="true"} 1
edgezero_request_duration_seconds_sum{path="legacy",evidence="true"} 0.003
edgezero_request_duration_seconds_count{path="edgezero",evidence="true"} 1
edgezero_request_duration_seconds_sum{path="edgezero",evidence="true"} 0.002
edgezero_request_duration_seconds_count{path="edgezero",evidence="false"} 1
edgezero_request_duration_seconds_sum{path="edgezero",evidence="false"} 0.004
`;
