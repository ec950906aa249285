import { readPast } from "@edgezero/evidence/read-past";
import { startFakeAnalyticsEngine } from "@edgezero/testbed/cloud/fake-analytics-engine";
import { startBreakableServer } from "@edgezero/testbed/breakable-server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const ACCOUNT = "0123456789abcdef0123456789abcdef";
const MINUTE = 60_000;
const NOW = Math.floor(Date.now() / MINUTE) * MINUTE;
const SIGNALS = [{ name: "errors", of: "failures" }] as const;
const MINUTES = 1440;

interface Recorded {
  readonly from: number;
  readonly pct: number;
  readonly control: { readonly requests: number };
  readonly canary: { readonly requests: number };
}

function windowsIn(text: string): { head: unknown; windows: readonly Recorded[] } {
  const [head, ...windows] = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
  return { head, windows: windows as Recorded[] };
}

/** Raw samples of a gateway that was scraped each half minute, and changed its percentage at noon of the day. */
function answer(form: string): string {
  const fields = new URLSearchParams(form);
  const to = Math.round(Number(fields.get("time")) * 1000);
  const range = Number(/\[(\d+)ms\]$/.exec(fields.get("query") ?? "")?.[1]);
  const times: number[] = [];
  const first = Math.ceil((to - range + 1) / (MINUTE / 2)) * (MINUTE / 2);
  for (let at = first; at <= to; at += MINUTE / 2) if (at > NOW - MINUTES * MINUTE) times.push(at);
  const changed = NOW - (MINUTES / 2) * MINUTE;
  const series = (labels: object, valueAt: (at: number) => number): object => ({
    metric: { job: "gateway", instance: "a", ...labels },
    values: times.map((at) => [at / 1000, String(valueAt(at))]),
  });
  const count = (at: number): number => (at - NOW + MINUTES * MINUTE) / 100;
  const requests = { __name__: "edgezero_requests_total", outcome: "ok", excluded: "no" };
  const result = [
    series({ ...requests, path: "legacy" }, count),
    series({ __name__: "edgezero_rollout_pct" }, (at) => (at < changed ? 1 : 10)),
    series({ __name__: "edgezero_config_epoch" }, (at) => (at < changed ? 26 : 43)),
  ];
  return JSON.stringify({ status: "success", data: { resultType: "matrix", result } });
}

async function read(from: string, evidence: readonly unknown[] = []): Promise<string> {
  return readPast({ from, evidence, signals: SIGNALS, env: {}, now: NOW });
}

describe("the last day of Prometheus", () => {
  let server: Awaited<ReturnType<typeof startBreakableServer>>;
  beforeAll(async () => {
    server = await startBreakableServer("application/json", (_, form) => answer(form));
  });
  afterAll(async () => server.close());

  test("is a recording in windows of a minute, without the one of the change", async () => {
    const { head, windows } = windowsIn(await read(`prometheus:${server.url}`));
    expect(head).toMatchObject({ type: "recording", version: 1, source: "prometheus" });
    const times = windows.map(({ from }) => from);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
    // The first minute was not watched whole, and the last one has no page after its end.
    expect(windows.length).toBeGreaterThanOrEqual(MINUTES - 5);
    expect(windows.slice(1).every(({ control }) => control.requests === MINUTE / 100)).toBe(true);
    expect(windows.filter(({ pct }) => pct === 1).length).toBeGreaterThan(700);
    expect(windows.filter(({ pct }) => pct === 10).length).toBeGreaterThan(700);
    const changing = NOW - (MINUTES / 2) * MINUTE - MINUTE;
    expect(times).not.toContain(changing);
  });

  test("the environment's own source, by its name and with its access", async () => {
    const evidence = ["events:", { url: `prometheus:${server.url}`, match: { job: "gateway" } }];
    expect(windowsIn(await read("prometheus", evidence)).windows.length).toBeGreaterThan(1400);
  });

  test("says why there is none", async () => {
    server.breakDown("expired");
    await expect(read(`prometheus:${server.url}`)).rejects.toThrow("401");
    server.breakDown(null);
    await expect(read("events")).rejects.toThrow("has no source events:");
    await expect(read("events:")).rejects.toThrow("events: remembers nothing of the past");
    await expect(read("/nowhere/recording.ndjson")).rejects.toThrow("ENOENT");
  });
});

test("the last day of Analytics Engine, with its percentages", async () => {
  const api = await startFakeAnalyticsEngine(ACCOUNT);
  api.tokens.set("t0ken", "Account Analytics Read");
  const point = (minutesAgo: number, path: string, pct: number): object => ({
    timestamp: NOW / 1000 - minutesAgo * 60 + 1,
    sampleInterval: 1,
    indexes: [`site/${path}`],
    blobs: ["site", "cloudflare", path, "bucket", "1a", "ok", ""],
    doubles: [5, 1, 200, pct, 7, -1, 1],
  });
  const points = [
    point(600, "legacy", 0),
    point(300, "legacy", 1),
    point(300, "edgezero", 1),
    point(200, "legacy", 1),
    point(200, "legacy", 10),
  ];
  api.write("edgezero_events", points as Parameters<typeof api.write>[1]);
  const text = await readPast({
    from: "analytics-engine",
    evidence: [
      {
        url: `analytics-engine:${ACCOUNT}/edgezero_events`,
        tokenEnv: "TOKEN",
        match: { service: "site" },
      },
    ],
    signals: SIGNALS,
    env: { TOKEN: "t0ken", EDGEZERO_CLOUDFLARE_API_URL: api.url },
    now: NOW,
  });
  await api.close();
  expect(api.violations).toEqual([]);
  const { windows } = windowsIn(text);
  expect(windows.map(({ from, pct }) => [(NOW - from) / MINUTE, pct])).toEqual([
    [600, 0],
    [300, 1],
  ]);
});
