import type { DecisionEvent } from "@edgezero/rollout/attribution";
import { parseMetrics } from "@edgezero/testbed/metrics-page";
import { describeWithPrometheus, promtool } from "@edgezero/testbed/prometheus/promtool";
import { describe, expect, test } from "vitest";
import { createClientCounts } from "../client/counts.ts";
import { SEED_BYTES } from "./client-counts.ts";
import { createOriginsCounts } from "../origin/counts.ts";
import { pageText, THIS_PROCESS } from "./counted.ts";
import type { Metrics } from "./metrics.ts";
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
  error: null,
  durationMs: 2,
  lastByteMs: null,
  excluded: null,
  weight: 1,
};

const CLOSED = { stop: { "1001": 2, none: 1 }, rollback: { "1001": 0, none: 0 } };

interface TestMetrics extends Metrics {
  readonly page: () => Promise<string>;
}

function createTestMetrics(confirmedAt: number | null = 0): TestMetrics {
  const store = {
    get: (key: string) => (key === "edgezero_enabled" ? "true" : "50"),
    confirmedAt: () => confirmedAt,
    isUnlinked: () => true,
    close: () => {},
  };
  const limits = { clients: createClientCounts(), origins: createOriginsCounts(), closed: CLOSED };
  const addresses = { peer: 5, forwarded: 4, untrusted: 3, invalid: 2, gone: 1 };
  const metrics = createMetrics(store, { legacy: 2, edgezero: 3 }, limits, addresses, {
    process: THIS_PROCESS,
    seed: new Uint8Array(SEED_BYTES),
    now: () => performance.now(),
  });
  return {
    ...metrics,
    async page() {
      const { metrics: all, clients } = await metrics.counted();
      return pageText(all, [clients]);
    },
  };
}

/** The page, without the series of a histogram's buckets, and with the values that change as `_`. */
async function pageOf({ page }: TestMetrics): Promise<string> {
  return (await page())
    .replaceAll(/^.*_bucket\{.*\n/gm, "")
    .replace(/^(edgezero_config_(?:age_seconds|epoch)|process_start_time_seconds) .*$/gm, "$1 _")
    .replace(/process="[\da-f]{16}"/, 'process="_"')
    .replaceAll(/^edgezero_requests_total\{.*\} 0\n/gm, "");
}

describe("dashboards and rules rely on the page", () => {
  test("its text, without buckets and counts of 0, is as it was", async () => {
    const metrics = createTestMetrics();
    metrics.count(event, "203.0.113.7");
    const late = { path: "legacy", reason: "pct-absent", outcome: "timeout" } as const;
    metrics.count({ ...event, ...late, status: null, durationMs: 3 }, "2001:db8::7");
    const forced = { reason: "forced", excluded: "forced" } as const;
    metrics.count({ ...event, ...forced, status: 999, durationMs: 4 }, "203.0.113.9");
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
    for (const durationMs of [0.5, 1, 5000, 60_000]) metrics.count({ ...event, durationMs }, null);
    const buckets = parseMetrics(await metrics.page())
      .filter(({ name }) => name === "edgezero_request_duration_seconds_bucket")
      .map(({ labels, value }) => [labels["le"], value]);
    expect(buckets[0]).toEqual(["0.001", 2]);
    expect(buckets.slice(-2)).toEqual([
      ["10", 3],
      ["+Inf", 4],
    ]);
  });

  test("durations are told apart by what became of the request", async () => {
    const metrics = createTestMetrics();
    metrics.count({ ...event, durationMs: 2 }, null);
    metrics.count({ ...event, outcome: "aborted", durationMs: 7000 }, null);
    const counts = parseMetrics(await metrics.page())
      .filter(({ name }) => name === "edgezero_request_duration_seconds_count")
      .map(({ labels, value }) => [labels["outcome"], value]);
    expect(counts).toEqual([
      ["ok", 1],
      ["aborted", 1],
    ]);
  });

  test("there is no age before the store is first read", async () => {
    expect(await createTestMetrics(null).page()).not.toContain("edgezero_config_age_seconds");
  });
});

describeWithPrometheus("promtool", () => {
  test("finds no fault with a page of every metric", async () => {
    const metrics = createTestMetrics();
    metrics.count(event, "203.0.113.7");
    metrics.count({ ...event, path: "legacy", excluded: "health" }, null);
    expect(promtool(["check", "metrics"], await metrics.page())).toEqual({ code: 0, said: "" });
  });
});

const PAGE = `# HELP edgezero_gateway_info 1; its label names the process, so that one that is scraped as several targets counts once
# TYPE edgezero_gateway_info gauge
edgezero_gateway_info{process="_"} 1
# HELP edgezero_requests_total Requests that were routed, by the path that they were assigned
# TYPE edgezero_requests_total counter
edgezero_requests_total{path="edgezero",reason="bucket",status_class="2xx",outcome="ok",excluded="no"} 1
edgezero_requests_total{path="legacy",reason="pct-absent",status_class="none",outcome="timeout",excluded="no"} 1
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
# HELP process_start_time_seconds When the process started, in seconds since 1970: all counters began at 0 then
# TYPE process_start_time_seconds gauge
process_start_time_seconds _
# HELP edgezero_clients Distinct clients over the last minute, or since a page had another epoch, estimated, by path: all, and those of a failed request
# TYPE edgezero_clients gauge
edgezero_clients{path="legacy",outcome="all"} 1
edgezero_clients{path="legacy",outcome="failing"} 1
edgezero_clients{path="edgezero",outcome="all"} 1
edgezero_clients{path="edgezero",outcome="failing"} 0
# HELP edgezero_open_connections Responses that are still being sent and upgrades that are still open, by path
# TYPE edgezero_open_connections gauge
edgezero_open_connections{path="legacy"} 2
edgezero_open_connections{path="edgezero"} 3
# HELP edgezero_client_connections Client connections that are open
# TYPE edgezero_client_connections gauge
edgezero_client_connections 0
# HELP edgezero_client_refused_total Requests that got a 503 because too many clients were connected, which are not routed
# TYPE edgezero_client_refused_total counter
edgezero_client_refused_total 0
# HELP edgezero_client_floods_total Client connections that were cut because they sent too many requests without waiting
# TYPE edgezero_client_floods_total counter
edgezero_client_floods_total 0
# HELP edgezero_client_malformed_total Requests that were malformed, which are not routed
# TYPE edgezero_client_malformed_total counter
edgezero_client_malformed_total{kind="syntax"} 0
edgezero_client_malformed_total{kind="headers-too-large"} 0
edgezero_client_malformed_total{kind="timeout"} 0
edgezero_client_malformed_total{kind="host"} 0
edgezero_client_malformed_total{kind="transfer-coding"} 0
edgezero_client_malformed_total{kind="upgrade"} 0
# HELP edgezero_upgrades_closed_total Upgrades that the gateway closed because it stops or after a rollback, by the code that a WebSocket's client was told
# TYPE edgezero_upgrades_closed_total counter
edgezero_upgrades_closed_total{cause="stop",code="1001"} 2
edgezero_upgrades_closed_total{cause="stop",code="none"} 1
edgezero_upgrades_closed_total{cause="rollback",code="1001"} 0
edgezero_upgrades_closed_total{cause="rollback",code="none"} 0
# HELP edgezero_origin_connections Connections to an origin that are open, without upgrades
# TYPE edgezero_origin_connections gauge
edgezero_origin_connections{path="legacy"} 0
edgezero_origin_connections{path="edgezero"} 0
# HELP edgezero_origin_waiting Requests that wait for a connection to their origin
# TYPE edgezero_origin_waiting gauge
edgezero_origin_waiting{path="legacy"} 0
edgezero_origin_waiting{path="edgezero"} 0
# HELP edgezero_origin_refused_total Requests that got a 503 because their origin had all connections that it may have
# TYPE edgezero_origin_refused_total counter
edgezero_origin_refused_total{path="legacy"} 0
edgezero_origin_refused_total{path="edgezero"} 0
# HELP edgezero_origin_faults_total Requests that the gateway answered in an origin's place or broke off, by the fault
# TYPE edgezero_origin_faults_total counter
edgezero_origin_faults_total{path="legacy",kind="refused"} 0
edgezero_origin_faults_total{path="legacy",kind="unreachable"} 0
edgezero_origin_faults_total{path="legacy",kind="dns"} 0
edgezero_origin_faults_total{path="legacy",kind="tls"} 0
edgezero_origin_faults_total{path="legacy",kind="timeout"} 0
edgezero_origin_faults_total{path="legacy",kind="reset"} 0
edgezero_origin_faults_total{path="legacy",kind="malformed"} 0
edgezero_origin_faults_total{path="legacy",kind="busy"} 0
edgezero_origin_faults_total{path="legacy",kind="loop"} 0
edgezero_origin_faults_total{path="legacy",kind="gateway"} 0
edgezero_origin_faults_total{path="legacy",kind="other"} 0
edgezero_origin_faults_total{path="edgezero",kind="refused"} 0
edgezero_origin_faults_total{path="edgezero",kind="unreachable"} 0
edgezero_origin_faults_total{path="edgezero",kind="dns"} 0
edgezero_origin_faults_total{path="edgezero",kind="tls"} 0
edgezero_origin_faults_total{path="edgezero",kind="timeout"} 0
edgezero_origin_faults_total{path="edgezero",kind="reset"} 0
edgezero_origin_faults_total{path="edgezero",kind="malformed"} 0
edgezero_origin_faults_total{path="edgezero",kind="busy"} 0
edgezero_origin_faults_total{path="edgezero",kind="loop"} 0
edgezero_origin_faults_total{path="edgezero",kind="gateway"} 0
edgezero_origin_faults_total{path="edgezero",kind="other"} 0
# HELP edgezero_client_address_total Requests by where their client's address came from
# TYPE edgezero_client_address_total counter
edgezero_client_address_total{result="peer"} 5
edgezero_client_address_total{result="forwarded"} 4
edgezero_client_address_total{result="untrusted"} 3
edgezero_client_address_total{result="invalid"} 2
edgezero_client_address_total{result="gone"} 1
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
edgezero_request_duration_seconds_count{path="legacy",evidence="true",outcome="timeout"} 1
edgezero_request_duration_seconds_sum{path="legacy",evidence="true",outcome="timeout"} 0.003
edgezero_request_duration_seconds_count{path="edgezero",evidence="true",outcome="ok"} 1
edgezero_request_duration_seconds_sum{path="edgezero",evidence="true",outcome="ok"} 0.002
edgezero_request_duration_seconds_count{path="edgezero",evidence="false",outcome="ok"} 1
edgezero_request_duration_seconds_sum{path="edgezero",evidence="false",outcome="ok"} 0.004
`;
