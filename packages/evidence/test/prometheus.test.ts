import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openSource } from "@edgezero/evidence/open-source";
import type { EvidenceReading, EvidenceSource } from "@edgezero/evidence/source";
import { startBreakableServer } from "@edgezero/testbed/breakable-server";
import type { AskingFixture, GatewayTotals } from "@edgezero/testbed/contracts/evidence-source";
import {
  describeAskingSource,
  describeEvidenceSource,
  EVIDENCE_OPTIONS,
} from "@edgezero/testbed/contracts/evidence-source";
import type { PrometheusServer } from "@edgezero/testbed/prometheus/prometheus-server";
import { startPrometheus } from "@edgezero/testbed/prometheus/prometheus-server";
import { describeWithPrometheus } from "@edgezero/testbed/prometheus/promtool";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parseExposition } from "../src/exposition/parse-exposition.ts";
import { pageText } from "./page-text.ts";

const OPTIONS = { ...EVIDENCE_OPTIONS, env: {} };

interface Scraped {
  readonly at: number;
  readonly gateways: Readonly<Record<string, GatewayTotals>>;
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly values: [number, string][];
}

/** Answers a query of raw samples, as Prometheus's API documents it. */
function matrix(scraped: readonly Scraped[], form: string): string {
  const fields = new URLSearchParams(form);
  const to = Math.round(Number(fields.get("time")) * 1000);
  const range = Number(/\[(\d+)ms\]$/.exec(fields.get("query") ?? "")?.[1]);
  const series = new Map<string, Series>();
  for (const { at, gateways } of scraped) {
    if (at <= to - range || at > to) continue;
    for (const [instance, totals] of Object.entries(gateways)) {
      for (const { name, labels, value } of parseExposition(pageText(totals), () => true)) {
        const metric = { __name__: name, job: "gateway", instance, ...labels };
        const key = JSON.stringify(metric);
        const known: Series = series.get(key) ?? { metric, values: [] };
        series.set(key, known);
        known.values.push([at / 1000, String(value)]);
      }
    }
  }
  const data = { resultType: "matrix", result: [...series.values()] };
  return JSON.stringify({ status: "success", data });
}

async function openFixture(): Promise<AskingFixture> {
  const scraped: Scraped[] = [];
  const server = await startBreakableServer("application/json", (_, form) => matrix(scraped, form));
  const source = openSource(`prometheus:${server.url}`, OPTIONS);
  return {
    source,
    publish: async (at, gateways) => void scraped.push({ at, gateways }),
    shiftClock: (ms) => server.shiftClock(ms),
    breakDown: (how) => server.breakDown(how),
    async close() {
      await source.close();
      await server.close();
    },
  };
}

describe("prometheus", () => {
  describeEvidenceSource(openFixture);
  describeAskingSource(openFixture);
});

function totalsOf(edgezero: number): GatewayTotals {
  const none = { ok: 5, error: 0, timeout: 0 };
  return { epoch: "1a", legacy: none, edgezero: { ok: edgezero, error: edgezero, timeout: 0 } };
}

describeWithPrometheus("a real Prometheus", () => {
  let totals: GatewayTotals;
  let prometheus: PrometheusServer;
  let source: EvidenceSource;
  const gateway = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end(pageText(totals));
  });

  beforeAll(async () => {
    totals = totalsOf(0);
    gateway.listen(0, "127.0.0.1");
    await once(gateway, "listening");
    const { port } = gateway.address() as AddressInfo;
    prometheus = await startPrometheus({
      "prometheus.yml": `scrape_configs:
  - job_name: gateway
    scrape_interval: 200ms
    static_configs: [{ targets: ["127.0.0.1:${port}"] }]
`,
    });
    source = openSource(
      { url: `prometheus:${prometheus.url}`, match: { job: "gateway" } },
      OPTIONS,
    );
  });

  afterAll(async () => {
    await source?.close();
    await prometheus?.close();
    gateway.close();
  });

  async function read(since: number | null): Promise<EvidenceReading> {
    return source.read({ now: Date.now(), since, signal: new AbortController().signal });
  }

  test("remembers windows, and loses and invents no request", async () => {
    const first = await vi.waitFor(
      async () => {
        const reading = await read(null);
        if (reading.kind !== "windows" || reading.windows.length === 0) throw new Error("not yet");
        return reading;
      },
      { timeout: 30_000, interval: 100 },
    );
    expect(first.windows.every(({ canary }) => canary.requests === 0)).toBe(true);
    totals = totalsOf(100);
    let since = first.windows.at(-1)?.to ?? 0;
    let counted = 0;
    let failed = 0;
    await vi.waitFor(
      async () => {
        const reading = await read(since);
        const windows = reading.kind === "windows" ? reading.windows : [];
        for (const { to, canary, control, instances } of windows) {
          const { errors } = canary.signals;
          counted += canary.requests;
          failed += errors !== undefined && "hits" in errors ? errors.hits : 0;
          expect([control.requests, instances]).toEqual([0, 1]);
          since = to;
        }
        if (counted < 200) throw new Error(`only ${counted}: ${JSON.stringify(reading)}`);
      },
      { timeout: 30_000, interval: 100 },
    );
    expect([counted, failed]).toEqual([200, 100]);
  });

  test("has no data of other jobs", async () => {
    const other = openSource({ url: `prometheus:${prometheus.url}`, match: { job: "x" } }, OPTIONS);
    const signal = new AbortController().signal;
    const reading = await other.read({ now: Date.now(), since: null, signal });
    expect(reading).toMatchObject({ kind: "missing", reason: "no-data" });
    await other.close();
  });
});
