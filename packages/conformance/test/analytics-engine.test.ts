import { openSource } from "@edgezero/evidence/open-source";
import { startFakeAnalyticsEngine } from "@edgezero/testbed/cloud/fake-analytics-engine";
import { expect, test } from "vitest";
import { send } from "../src/http-client.ts";
import { collectLog } from "../src/log-lines.ts";
import { fill, routeTo, startWorker } from "../src/runtimes/workerd.ts";
import { enabledAt } from "../src/stage.ts";

const ACCOUNT = "0123456789abcdef0123456789abcdef";

interface DataPoint {
  readonly indexes: readonly string[];
  readonly blobs: readonly string[];
  readonly doubles: readonly number[];
}

function counts(requests: number): object {
  const signals = { errors: { trials: requests, hits: 0 }, p95: { buckets: [requests, 0] } };
  return { requests, clients: null, signals };
}

test("what the Worker writes to Analytics Engine is what its source counts", async () => {
  const lines = collectLog();
  const worker = await startWorker({
    origins: { legacy: "", edgezero: "" },
    settings: { EVENT_SAMPLE_RATE: "0" },
    kv: "real",
    analytics: "recording",
    configMaxAgeMs: 0,
    onLogLine: lines.collect,
  });
  await fill(await worker.namespace(), enabledAt(50));
  // 192.0.2.1 is in bucket 76, and goes to legacy; 192.0.2.3 is in bucket 14.
  const clients = ["192.0.2.1", "192.0.2.1", "192.0.2.3"];
  for (const client of clients) await send({ route: () => routeTo(worker, client) });
  const points = (): DataPoint[] =>
    lines.log.flatMap(({ dataPoint }) => (dataPoint === undefined ? [] : [dataPoint as DataPoint]));
  await expect.poll(() => points().length).toBe(3);
  await worker.stop();

  const api = await startFakeAnalyticsEngine(ACCOUNT);
  api.tokens.set("t0ken", "Account Analytics Read");
  const now = Math.floor(Date.now() / 1000) * 1000;
  const at = { timestamp: now / 1000 - 1, sampleInterval: 1 };
  api.write(
    "edgezero_events",
    points().map((point) => Object.assign({}, at, point)),
  );
  const source = openSource(
    {
      url: `analytics-engine:${ACCOUNT}/edgezero_events`,
      tokenEnv: "TOKEN",
      match: { service: "conformance" },
      delayMs: 0,
    },
    {
      windowMs: 1000,
      signals: [
        { name: "errors", of: "failures" },
        { name: "p95", of: "latency" },
      ],
      bounds: [60_000],
      env: { TOKEN: "t0ken", EDGEZERO_CLOUDFLARE_API_URL: api.url },
    },
  );
  const { signal } = new AbortController();
  // Again, since a test that stands still while an answer comes takes the two clocks to be apart.
  await expect
    .poll(async () => source.read({ now, since: null, signal }))
    .toMatchObject({
      kind: "windows",
      percentages: [50],
      windows: [{ canary: counts(1), control: counts(2), decisions: { "75ec1f78": 3 } }],
    });
  await source.close();
  await api.close();
  expect(api.violations).toEqual([]);
});
