import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LATENCY_BOUNDS_MS } from "@edgezero/evidence/latency-bounds";
import { readingOf } from "@edgezero/operations/reading";
import type { StoredValues } from "@edgezero/stores/operator-store";

const PER_SECOND = 200;

/** A gateway's metrics page, counted by what its store has: no client and no origin is needed for it. */
export interface CountedSite {
  readonly url: string;
  /** The part of EdgeZero's requests that fail, 0 to 1. */
  failing: number;
  close(): Promise<void>;
}

/** @param read Reads the store. Where that fails the gateway goes on with what it knows. */
export async function startCountedSite(read: () => Promise<StoredValues>): Promise<CountedSite> {
  const counts = { legacy: 0, ok: 0, error: 0 };
  let last = performance.now();
  let known: { pct: number; epoch: string } | null = null;
  const site = { failing: 0 };

  async function page(): Promise<string> {
    const now = performance.now();
    const requests = (PER_SECOND * (now - last)) / 1000;
    last = now;
    if (known !== null) {
      const canary = (requests * known.pct) / 100;
      counts.legacy += requests - canary;
      counts.error += canary * site.failing;
      counts.ok += canary * (1 - site.failing);
    }
    try {
      const { state } = await readingOf(await read());
      known = { pct: state.rolloutPct, epoch: state.epoch };
    } catch {
      // A gateway whose store fails keeps its last values for a while.
    }
    return [
      line("legacy", "ok", counts.legacy),
      line("edgezero", "ok", counts.ok),
      line("edgezero", "error", counts.error),
      ...buckets("legacy", counts.legacy),
      ...buckets("edgezero", counts.ok),
      `edgezero_config_epoch ${Number.parseInt(known?.epoch ?? "0", 16)}`,
      "",
    ].join("\n");
  }

  async function answer(response: ServerResponse): Promise<void> {
    const text = await page();
    response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
    response.end(text);
  }

  const server = createServer((_, response) => void answer(response));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(site, {
    url: `http://127.0.0.1:${port}/metrics`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  });
}

function line(path: string, outcome: string, count: number): string {
  const labels = `path="${path}",reason="bucket",status_class="2xx",outcome="${outcome}",excluded="no"`;
  return `edgezero_requests_total{${labels}} ${Math.round(count)}`;
}

/** All answers take between 20 and 40 ms. */
function buckets(path: string, count: number): string[] {
  const labels = `path="${path}",outcome="ok",evidence="true"`;
  return [...LATENCY_BOUNDS_MS, Infinity].map((ms) => {
    const le = ms === Infinity ? "+Inf" : String(ms / 1000);
    const part = Math.min(1, Math.max(0, (ms - 20) / 20));
    const value = Math.round(count * part);
    return `edgezero_request_duration_seconds_bucket{${labels},le="${le}"} ${value}`;
  });
}
