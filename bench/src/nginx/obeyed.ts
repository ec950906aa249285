import { startNginxGateway } from "@edgezero/testbed/nginx/nginx-gateway";
import { startUpstream } from "@edgezero/testbed/upstream";
import { timeToLastOldDecision } from "../scale/last-old-decision.ts";
import { median } from "../statistics.ts";

const WORKERS = 4;
/** Connections that ask all the time, so that each worker most likely has one or more. */
const WATCHERS = 12;

/** How soon all workers of the gateway on nginx obey a change of its file, in milliseconds. */
export interface Obeyed {
  readonly workers: number;
  readonly writes: number;
  readonly p50: number;
  readonly p99: number;
  readonly worst: number;
}

/** Replaces the file so many times, and looks for the last answer of the old path each time. */
export async function measureObeyed(writes: number): Promise<Obeyed> {
  const origins = [await startUpstream(), await startUpstream()] as const;
  const gateway = await startNginxGateway({
    origins: { legacy: origins[0].url, edgezero: origins[1].url },
    workers: WORKERS,
  });
  const urls = Array.from({ length: WATCHERS }, () => gateway.url);
  const write = (pct: number): void =>
    gateway.write({ edgezero_enabled: "true", edgezero_rollout_pct: String(pct) });
  const times: number[] = [];
  try {
    for (let i = 0; i < writes; i++) times.push(await timeToLastOldDecision(urls, write));
  } finally {
    await gateway.stop();
    for (const origin of origins) await origin.close();
  }
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.ceil(share * writes) - 1] ?? Number.NaN;
  return { workers: WORKERS, writes, p50: median(times), p99: at(0.99), worst: at(1) };
}
