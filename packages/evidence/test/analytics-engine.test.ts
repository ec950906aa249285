import { openSource } from "@edgezero/evidence/open-source";
import type { EvidenceReading, EvidenceSource } from "@edgezero/evidence/source";
import type { SourceConfig } from "@edgezero/evidence/source-config";
import { startBreakableServer } from "@edgezero/testbed/breakable-server";
import type { AnalyticsEngine, StoredPoint } from "@edgezero/testbed/cloud/analytics-engine";
import { openAnalyticsEngine } from "@edgezero/testbed/cloud/analytics-engine";
import type { FakeAnalyticsEngine } from "@edgezero/testbed/cloud/fake-analytics-engine";
import { startFakeAnalyticsEngine } from "@edgezero/testbed/cloud/fake-analytics-engine";
import type {
  AskingFixture,
  GatewayTotals,
  PathTotals,
} from "@edgezero/testbed/contracts/evidence-source";
import {
  describeAskingSource,
  describeEvidenceSource,
  EVIDENCE_OPTIONS,
} from "@edgezero/testbed/contracts/evidence-source";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const DATASET = "edgezero_events";
const CONFIG = {
  url: `analytics-engine:${ACCOUNT}/${DATASET}`,
  tokenEnv: "TOKEN",
  match: { service: "site" },
  delayMs: 0,
};
const OPTIONS = {
  ...EVIDENCE_OPTIONS,
  signals: [...EVIDENCE_OPTIONS.signals, { name: "p95", of: "latency" }] as const,
};
const PATHS = ["legacy", "edgezero"] as const;
const OUTCOMES = ["ok", "error", "timeout"] as const;

interface Given {
  readonly path?: string;
  readonly outcome?: string;
  readonly epoch?: string;
  readonly excluded?: string;
  readonly durationMs?: number;
  readonly lastByteMs?: number;
  readonly service?: string;
  readonly version?: number;
  readonly sampleInterval?: number;
}

/** A data point, in the columns that the Worker's README documents. */
function point(timestamp: number, given: Given): StoredPoint {
  const { path = "edgezero", outcome = "ok", epoch = "1a", excluded = "", durationMs = 50 } = given;
  const { lastByteMs = -1, service = "site", version = 1, sampleInterval = 1 } = given;
  return {
    timestamp,
    sampleInterval,
    indexes: [`${service}/${path}`],
    blobs: [service, "cloudflare", path, "bucket", epoch, outcome, excluded],
    doubles: [durationMs, 1, 200, 10, 7, lastByteMs, version],
  };
}

const times = (count: number, one: StoredPoint): StoredPoint[] =>
  Array.from({ length: count }, () => one);

function rise(
  before: PathTotals | undefined,
  after: PathTotals,
  outcome: keyof PathTotals,
): number {
  const risen = after[outcome] - (before?.[outcome] ?? 0);
  return risen < 0 ? after[outcome] : risen;
}

/** Gateways write what they counted since the last time; one that has counted less began again. */
function writeRises(
  engine: AnalyticsEngine,
  timestamp: number,
  known: Readonly<Record<string, GatewayTotals>>,
  gateways: Readonly<Record<string, GatewayTotals>>,
): void {
  for (const [name, totals] of Object.entries(gateways)) {
    for (const path of PATHS) {
      for (const outcome of OUTCOMES) {
        const count = rise(known[name]?.[path], totals[path], outcome);
        engine.write(
          DATASET,
          times(count || 0, point(timestamp, { path, outcome, epoch: totals.epoch })),
        );
      }
    }
  }
}

async function openFixture(): Promise<AskingFixture> {
  const engine = openAnalyticsEngine();
  engine.write(DATASET, []);
  const server = await startBreakableServer("application/json", (_, sql) => engine.query(sql));
  let known: Readonly<Record<string, GatewayTotals>> = {};
  let shiftMs = 0;
  const env = { TOKEN: "t0ken", EDGEZERO_CLOUDFLARE_API_URL: server.url };
  const source = openSource(CONFIG, { ...OPTIONS, env });
  return {
    source,
    async publish(at, gateways) {
      writeRises(engine, Math.floor((at - 400 + shiftMs) / 1000), known, gateways);
      known = gateways;
    },
    shiftClock(ms) {
      shiftMs = ms;
      server.shiftClock(ms);
    },
    breakDown: (how) => server.breakDown(how),
    async close() {
      await source.close();
      await server.close();
      engine.close();
    },
  };
}

describe("analytics-engine", () => {
  describeEvidenceSource(openFixture);
  describeAskingSource(openFixture);
});

describe("by the published API", () => {
  let api: FakeAnalyticsEngine;
  let source: EvidenceSource;
  const NOW = Math.floor(Date.now() / 1000) * 1000;
  /** The window that has just ended, in seconds since 1970. */
  const LAST = NOW / 1000 - 1;

  beforeEach(async () => {
    api = await startFakeAnalyticsEngine(ACCOUNT);
    api.tokens.set("t0ken", "Account Analytics Read");
    api.write(DATASET, []);
  });
  afterEach(async () => {
    await source.close();
    await api.close();
    if (api.violations.length > 0) throw new Error(api.violations.join("\n"));
  });

  async function read(
    points: readonly StoredPoint[],
    config: Partial<SourceConfig> = {},
    env: Readonly<Record<string, string>> = {},
  ): Promise<EvidenceReading> {
    api.write(DATASET, points);
    const variables = { TOKEN: "t0ken", EDGEZERO_CLOUDFLARE_API_URL: api.url, ...env };
    source = openSource({ ...CONFIG, ...config }, { ...OPTIONS, env: variables });
    return source.read({ now: NOW, since: null, signal: new AbortController().signal });
  }

  async function ask(now: number, since: number): Promise<EvidenceReading> {
    return source.read({ now, since, signal: new AbortController().signal });
  }

  async function windows(
    points: readonly StoredPoint[],
    config: Partial<SourceConfig> = {},
  ): Promise<Extract<EvidenceReading, { kind: "windows" }>["windows"]> {
    const reading = await read(points, config);
    if (reading.kind === "missing") throw new Error(reading.detail);
    return reading.windows;
  }

  test("counts requests, failures, timeouts and latencies of both paths", async () => {
    const points = [
      ...times(8, point(LAST, { path: "legacy", durationMs: 100 })),
      ...times(2, point(LAST, { path: "legacy", outcome: "error" })),
      point(LAST, { durationMs: 100 }),
      point(LAST, { durationMs: 101 }),
      point(LAST, { durationMs: 5000 }),
      point(LAST, { outcome: "timeout", durationMs: 30_000 }),
      point(LAST, { outcome: "aborted", durationMs: 5001 }),
      point(LAST, { outcome: "aborted", durationMs: 5000 }),
      point(LAST, { outcome: "aborted", durationMs: 9000, lastByteMs: 9500 }),
      point(LAST, { outcome: "error", excluded: "forced" }),
      point(LAST, { outcome: "error", version: 2 }),
    ];
    expect(await windows(points)).toEqual([
      {
        from: LAST * 1000,
        to: NOW,
        canary: {
          requests: 7,
          clients: null,
          signals: {
            errors: { trials: 7, hits: 2 },
            late: { trials: 7, hits: 2 },
            p95: { buckets: [1, 1, 1] },
          },
        },
        control: {
          requests: 10,
          clients: null,
          signals: {
            errors: { trials: 10, hits: 2 },
            late: { trials: 10, hits: 0 },
            p95: { buckets: [8, 0, 0] },
          },
        },
        decisions: { "1a": 18 },
        instances: null,
      },
    ]);
  });

  test("only the epoch of most decisions counts, and the others are shown", async () => {
    const points = [
      ...times(3, point(LAST, {})),
      ...times(2, point(LAST, { epoch: "2b", outcome: "error" })),
    ];
    expect(await windows(points)).toMatchObject([
      {
        canary: { requests: 3, signals: { errors: { trials: 3, hits: 0 } } },
        decisions: { "1a": 3, "2b": 2 },
      },
    ]);
  });

  test("a path that is sampled evenly counts by its rows, and its share by what they stand for", async () => {
    const points = [
      ...times(90, point(LAST, { path: "legacy", sampleInterval: 10 })),
      ...times(10, point(LAST, { path: "legacy", outcome: "error", sampleInterval: 10 })),
      ...times(9, point(LAST, {})),
      point(LAST, { outcome: "error" }),
    ];
    expect(await windows(points)).toMatchObject([
      {
        canary: { requests: 10, signals: { errors: { trials: 10, hits: 1 } } },
        control: { requests: 1000, signals: { errors: { trials: 100, hits: 10 } } },
        // No more decisions than rows, and each by what it stands for.
        decisions: { "1a": 101 },
      },
    ]);
    expect(source.note?.()).toBe("it is sampled: a row stands for up to 10 requests");
  });

  test("EdgeZero never has more requests than rows", async () => {
    const points = [
      ...times(100, point(LAST, { path: "legacy", sampleInterval: 50 })),
      ...times(100, point(LAST, { sampleInterval: 5 })),
    ];
    expect(await windows(points)).toMatchObject([
      { canary: { requests: 100 }, control: { requests: 1000 } },
    ]);
  });

  test("a burst that was sampled more keeps its part of the rate, in fewer trials", async () => {
    // 1,000 requests without a failure, then 1,000 of which half fail, kept one in ten.
    const points = [
      ...times(1000, point(LAST, { path: "legacy" })),
      ...times(50, point(LAST, { path: "legacy", sampleInterval: 10 })),
      ...times(50, point(LAST, { path: "legacy", outcome: "error", sampleInterval: 10 })),
    ];
    const [window] = await windows(points);
    expect(window?.control.signals["errors"]).toEqual({ trials: 200, hits: 50 });
  });

  test("a window counts once it has been over for the delay", async () => {
    const points = [point(LAST - 2, {}), point(LAST - 1, {}), point(LAST, {})];
    const known = await windows(points, { delayMs: 2000 });
    expect(known.map(({ from }) => from)).toEqual([(LAST - 2) * 1000]);
    const signal = new AbortController().signal;
    const again = { now: NOW + 999, since: (LAST - 1) * 1000, signal };
    expect(await source.read(again)).toMatchObject({ kind: "windows", windows: [] });
    const later = { ...again, now: NOW + 2000 };
    expect(await source.read(later)).toMatchObject({
      windows: [{ from: (LAST - 1) * 1000 }, { from: LAST * 1000 }],
      newest: LAST * 1000,
    });
  });

  test("another service's data points do not count", async () => {
    const points = [point(LAST, {}), point(LAST, { service: "another", outcome: "error" })];
    expect(await windows(points, { match: { service: "site" } })).toMatchObject([
      { canary: { requests: 1 }, decisions: { "1a": 1 } },
    ]);
    await source.close();
    expect(await read([], { match: { service: "third" } })).toMatchObject({
      kind: "missing",
      reason: "no-data",
      detail:
        "the dataset has no data point of the service third of this time: look at the Worker's binding EDGEZERO_EVENTS",
    });
  });

  test("a time without a data point is asked for once, and what follows it is found", async () => {
    await read([]);
    const { length } = api.requests;
    expect(length).toBe(2);
    const since = NOW - 40_000;
    expect(await ask(NOW, since)).toMatchObject({ kind: "missing", reason: "no-data" });
    expect(await ask(NOW + 1000, since)).toMatchObject({ kind: "missing", reason: "no-data" });
    expect(api.requests.slice(length)).toHaveLength(1);
    api.write(DATASET, [point(LAST + 2, {})]);
    expect(await ask(NOW + 2000, since)).toMatchObject({ windows: [{ from: NOW + 1000 }] });
    // What lies before the time that was asked for is not known to be without one.
    api.write(DATASET, [point(LAST - 60, {})]);
    expect(await ask(NOW + 2000, since - 30_000)).toMatchObject({
      windows: [{ from: (LAST - 60) * 1000 }],
    });
  });

  test("a row that is no data point of ours gives no window", async () => {
    const points = [point(LAST, {}), point(LAST, { path: "both" })];
    expect(await read(points)).toMatchObject({ kind: "missing", reason: "not-understood" });
  });

  test.each([
    { name: "a token that is not known", token: "0ther", reason: "refused" },
    { name: "a token for something else", token: "kv", reason: "refused" },
  ])("$name", async ({ token, reason }) => {
    api.tokens.set("kv", "Workers KV Storage Read");
    expect(await read([point(LAST, {})], {}, { TOKEN: token })).toMatchObject({
      kind: "missing",
      reason,
    });
  });

  test("a dataset that is not there", async () => {
    const url = `analytics-engine:${ACCOUNT}/another`;
    expect(await read([point(LAST, {})], { url })).toMatchObject({ reason: "refused" });
  });
});

describe("a config that is refused", () => {
  test.each([
    {
      name: "no account",
      given: { url: "analytics-engine:edgezero_events" },
      said: "needs an account's id",
    },
    {
      name: "a dataset that is no word",
      given: { url: `analytics-engine:${ACCOUNT}/a;DROP` },
      said: "a dataset's name of letters",
    },
    { name: "no token", given: { tokenEnv: undefined }, said: "name its variable: {" },
    {
      name: "another label",
      given: { match: { job: "a" } },
      said: 'match has "job"; allowed: service',
    },
    { name: "no service", given: { match: {} }, said: "match.service is not set" },
    { name: "nothing to match", given: { match: undefined }, said: "SERVICE_NAME" },
    {
      name: "a service that is none",
      given: { match: { service: "a'b" } },
      said: "match.service must be",
    },
    { name: "a user", given: { user: "ann", passwordEnv: "TOKEN" }, said: "only one of tokenEnv" },
  ])("$name", ({ given, said }) => {
    const config = { ...CONFIG, ...given } as SourceConfig;
    expect(() => openSource(config, { ...OPTIONS, env: { TOKEN: "t" } })).toThrow(said);
  });

  test("windows that are no whole seconds, and an API beyond this machine without TLS", () => {
    const env = { TOKEN: "t" };
    expect(() => openSource(CONFIG, { ...OPTIONS, windowMs: 1500, env })).toThrow("whole seconds");
    const plain = { ...env, EDGEZERO_CLOUDFLARE_API_URL: "http://api.example" };
    expect(() => openSource(CONFIG, { ...OPTIONS, env: plain })).toThrow("must be an https URL");
  });
});
