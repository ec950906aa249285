import { LATENCY_BOUNDS_MS } from "@edgezero/evidence/latency-bounds";
import { openSource } from "@edgezero/evidence/open-source";
import type { EvidenceReading, EvidenceSource } from "@edgezero/evidence/source";
import { metricsUrl } from "@edgezero/testbed/metrics-page";
import type { ProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import { startProxiedGateway } from "@edgezero/testbed/node/proxied-gateway";
import type { Upstream } from "@edgezero/testbed/upstream";
import { startUpstream } from "@edgezero/testbed/upstream";
import { afterAll, beforeAll, expect, test } from "vitest";

const WINDOW_MS = 15_000;
const START = 1_700_000_010_100;

let origins: Upstream[];
let gateway: ProxiedGateway;
let source: EvidenceSource;
let now = START;

const failing = async (): Promise<Upstream> =>
  startUpstream(({ url }, response) => {
    response.writeHead(url === "/fail" ? 500 : url === "/late" ? 504 : 200).end();
  });

beforeAll(async () => {
  origins = [await failing(), await failing()];
  const [legacy, edgezero] = origins.map(({ url }) => url);
  gateway = await startProxiedGateway(legacy ?? "", edgezero ?? "");
  source = openSource(`scrape:${metricsUrl(gateway)}`, {
    windowMs: WINDOW_MS,
    bounds: LATENCY_BOUNDS_MS,
    signals: [
      { name: "errors", of: "failures" },
      { name: "timeouts", of: "timeouts" },
      { name: "p95", of: "latency" },
    ],
    env: {},
  });
});

afterAll(async () => {
  await source?.close();
  await gateway?.stopCleanly();
  await Promise.all(origins.map(async (origin) => origin.close()));
});

async function read(): Promise<EvidenceReading> {
  const reading = await source.read({ now, since: null, signal: new AbortController().signal });
  now += WINDOW_MS;
  return reading;
}

async function send(path: string, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) await (await fetch(`${gateway.url}${path}`)).text();
}

test("a real gateway's page gives all that a plan judges by", async () => {
  expect(await read()).toEqual({ kind: "windows", windows: [], newest: START });
  await send("/", 7);
  await send("/fail", 2);
  await send("/late", 1);
  const reading = await read();
  const [window] = reading.kind === "windows" ? reading.windows : [];
  const { errors, timeouts, p95 } = window?.canary.signals ?? {};
  expect([errors, timeouts]).toEqual([
    { trials: 10, hits: 3 },
    { trials: 10, hits: 1 },
  ]);
  const buckets = p95 !== undefined && "buckets" in p95 ? p95.buckets : [];
  expect([buckets.length, buckets.reduce((sum, count) => sum + count, 0)]).toEqual([
    LATENCY_BOUNDS_MS.length + 1,
    7,
  ]);
  expect(window).toMatchObject({
    from: START - 100,
    canary: { requests: 10, clients: { all: expect.closeTo(1, 1) as number } },
    control: { requests: 0, signals: { p95: { buckets: expect.any(Array) as number[] } } },
    instances: 1,
  });
  expect(Object.values(window?.decisions ?? {})).toEqual([10]);
});

test("an interval in which the config changed belongs to no stage", async () => {
  gateway.routeTo("legacy");
  await expect
    .poll(async () => (await fetch(gateway.url)).headers.get("x-edgezero-path"), { interval: 20 })
    .toBe("legacy");
  const changed = await read();
  expect(changed.kind === "windows" && changed.windows).toHaveLength(1);
  await send("/", 3);
  const after = await read();
  const windows = after.kind === "windows" ? after.windows : [];
  expect(windows).toHaveLength(2);
  expect(windows[1]?.control.requests).toBe(3);
});
