import { metricsUrl } from "@edgezero/testbed/metrics-page";
import { describeWithPrometheus } from "@edgezero/testbed/prometheus/promtool";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { queriesFor, statOf } from "./dashboard.ts";
import type { PrometheusServer } from "@edgezero/testbed/prometheus/prometheus-server";
import { startPrometheus } from "@edgezero/testbed/prometheus/prometheus-server";
import { RULES } from "./shipped-rules.ts";
import type { SlowOrigin } from "./traffic.ts";
import { addressesOfEachBucket, quantileOf, sendFromAll, startSlowOrigin } from "./traffic.ts";

const REQUESTS = 20_000;
const EDGEZERO_REQUESTS = 2000;
const LEGACY_REQUESTS = REQUESTS - EDGEZERO_REQUESTS;
/** 2 per cent of EdgeZero's. */
const FAIL_EVERY = 50;
const FAILURES = EDGEZERO_REQUESTS / FAIL_EVERY;
const MEDIAN_MS = 100;
/** What a busy machine adds to both paths hides how much slower one is: a second, before no alert fires. */
const SLOWER = 2;

const EVIDENCE = 'edgezero_requests_total{excluded="no"}';
const FAILED = 'edgezero_requests_total{excluded="no", outcome=~"error|timeout"}';
const DURATIONS = 'edgezero_request_duration_seconds_bucket{evidence="true"}';

describeWithPrometheus("Prometheus, of a gateway whose EdgeZero is faulty at 10 per cent", () => {
  let legacy: SlowOrigin;
  let edgezero: SlowOrigin;
  let gateway: ProxiedGateway;
  let prometheus: PrometheusServer;
  let answers: Record<string, number>;

  beforeAll(async () => {
    legacy = await startSlowOrigin(MEDIAN_MS, 0);
    edgezero = await startSlowOrigin(MEDIAN_MS * SLOWER, FAIL_EVERY);
    gateway = await startProxiedGateway(legacy.upstream.url, edgezero.upstream.url, {
      TRUST_PROXY: "loopback",
      EVENT_SAMPLE_RATE: "1",
    });
    gateway.writeConfig({ edgezero_enabled: "true", edgezero_rollout_pct: "10" });
    prometheus = await startPrometheus({
      "prometheus.yml": configFor(metricsUrl(gateway)),
      // The rules as they ship, but that an alert need not wait for minutes.
      "edgezero.rules.yml": RULES.replaceAll(/^( +for:) \d+[ms]$/gm, "$1 1s"),
    });
    // A rate needs a value from before, and so does the stage.
    await hasScraped(0);
    await hasCounted();
    answers = await sendFromAll(gateway.url, addressesOfEachBucket(REQUESTS / 100), 100);
    await hasScraped(REQUESTS);
  });

  afterAll(async () => {
    await prometheus?.close();
    await gateway?.stopCleanly();
    await Promise.all([legacy?.upstream.close(), edgezero?.upstream.close()]);
  });

  /** Resolves once Prometheus knows of that many requests. */
  async function hasScraped(requests: number): Promise<void> {
    await vi.waitFor(
      async () => {
        const total = await prometheus.query(`sum(${EVIDENCE})`);
        if (total[0]?.value !== requests)
          throw new Error(`not ${requests}: ${JSON.stringify(total)}`);
      },
      { timeout: 60_000, interval: 100 },
    );
  }

  /** Resolves once the rules have a count from before the first request, of each path and outcome. */
  async function hasCounted(): Promise<void> {
    await vi.waitFor(
      async () => {
        const totals = await prometheus.query("instance_path:edgezero_evidence:total");
        if (totals.length !== 4) throw new Error(`not 4: ${JSON.stringify(totals)}`);
      },
      { timeout: 60_000, interval: 100 },
    );
  }

  /** A query's values by path. */
  async function byPath(promQl: string): Promise<Record<string, number>> {
    const elements = await prometheus.query(promQl);
    return Object.fromEntries(elements.map(({ labels, value }) => [labels["path"], value]));
  }

  /** What the gateway itself has timed, in seconds. */
  function timedSeconds(path: string): number[] {
    const events = gateway.logged().filter(({ type }) => type === "edgezero-decision");
    return events
      .filter((event) => event["path"] === path)
      .map(({ durationMs }) => Number(durationMs) / 1000);
  }

  test("clients got what the origins were made to answer", () => {
    expect(answers).toEqual({
      "legacy 200": LEGACY_REQUESTS,
      "edgezero 200": EDGEZERO_REQUESTS - FAILURES,
      "edgezero 500": FAILURES,
    });
  });

  test("counts the requests of each path exactly", async () => {
    expect(await byPath(`sum by (path) (${EVIDENCE})`)).toEqual({
      legacy: LEGACY_REQUESTS,
      edgezero: EDGEZERO_REQUESTS,
    });
  });

  test("gives the error rate of each path exactly", async () => {
    expect(await byPath(`sum by (path) (${FAILED}) / sum by (path) (${EVIDENCE})`)).toEqual({
      legacy: 0,
      edgezero: 0.02,
    });
  });

  test.each(["legacy", "edgezero"])("gives the p95 of %s within 5 per cent", async (path) => {
    const expected = path === "legacy" ? LEGACY_REQUESTS : EDGEZERO_REQUESTS;
    await expect.poll(() => timedSeconds(path).length).toBe(expected);
    for (const quantile of [0.5, 0.95, 0.99]) {
      const query = `histogram_quantile(${quantile}, sum by (path, le) (${DURATIONS}))`;
      const shown = (await byPath(query))[path] ?? NaN;
      const timed = quantileOf(timedSeconds(path), quantile);
      expect(Math.abs(shown / timed - 1)).toBeLessThan(0.05);
    }
  });

  test("what was timed is what the origins took, and the way to them", () => {
    for (const [path, { waitedMs }] of Object.entries({ legacy, edgezero })) {
      const timed = quantileOf(timedSeconds(path), 0.95);
      const waited = quantileOf(waitedMs, 0.95) / 1000;
      // A timer may fire up to a millisecond early; how late, is the machine's.
      expect(timed).toBeGreaterThan(waited - 0.002);
    }
    const ratio = quantileOf(edgezero.waitedMs, 0.95) / quantileOf(legacy.waitedMs, 0.95);
    expect(ratio).toBeCloseTo(SLOWER, 2);
  });

  test("lost no event", async () => {
    expect(await prometheus.query("edgezero_events_dropped_total")).toMatchObject([{ value: 0 }]);
  });

  test("with the rules as they ship, fires the alerts of these faults, and no other", async () => {
    const shipped = [...RULES.matchAll(/^ +- (?:alert|record): (\S+)$/gm)];
    const names = shipped.map(([, name]) => String(name));
    expect((await prometheus.ruleNames()).toSorted()).toEqual(names.toSorted());
    const firing = async () =>
      (await prometheus.alerts())
        .filter(({ state }) => state === "firing")
        .map(({ labels }) => `${labels["alertname"]}: ${labels["action"]}`)
        .toSorted();
    await expect
      .poll(firing)
      .toEqual([
        "EdgeZeroErrors: rollback",
        "EdgeZeroErrorsInStage: rollback",
        "EdgeZeroSlow: hold",
      ]);
    const annotations = async () =>
      (await prometheus.alerts()).find(({ labels }) => labels["alertname"] === "EdgeZeroErrors")
        ?.annotations;
    await expect.poll(annotations).toEqual({
      summary: "site: EdgeZero fails 2% of requests more than the baseline",
      description: expect.stringContaining("edgezero-rollout rollback") as string,
      runbook_url: "http://localhost:5173/runbook#roll-back",
    });
  });

  test("has exactly the requests of this stage, and the dashboard says to roll back", async () => {
    const stage = await prometheus.query('job_path:edgezero_stage:requests{path="edgezero"}');
    expect(
      Object.fromEntries(stage.map(({ labels, value }) => [labels["outcome"], value])),
    ).toEqual({ all: EDGEZERO_REQUESTS, failing: FAILURES });
    const state = statOf("State");
    expect(state.shown(await prometheus.query(state.queryFor("site")))).toEqual([
      expect.stringMatching(/^roll back, \d+ of \d+ requests$/),
    ]);
  });

  test("answers every query of the dashboard, but those of what did not happen", async () => {
    const queries = queriesFor("site", "1m").filter(
      (query) => !/win_ratio|excluded!="no"|changes/.test(query),
    );
    expect(queries.length).toBeGreaterThan(20);
    for (const query of queries) {
      await expect.poll(() => prometheus.query(query)).not.toEqual([]);
    }
  });
});

function configFor(url: string): string {
  return `
global: { scrape_interval: 1s, evaluation_interval: 1s }
rule_files: [edgezero.rules.yml]
scrape_configs:
  - job_name: site
    static_configs: [{ targets: ["${new URL(url).host}"] }]
`;
}
