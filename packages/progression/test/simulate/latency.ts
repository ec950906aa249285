import type { QuantileSignal } from "../../src/index.ts";
import { boundsFrom, latencyChances } from "../../src/rehearsal/latency.ts";
import { P95 as RUNBOOK } from "../arbitraries.ts";

/** Buckets from 10 ms to 10 s. */
export const LATENCY_BOUNDS: readonly number[] = boundsFrom(0.01, 74);

export const P95: QuantileSignal = { ...RUNBOOK, bounds: LATENCY_BOUNDS };

/** Chance of each bucket for latencies with a median of 120 ms that are `slowness` times as long. */
export function chancesOf(slowness: number): readonly number[] {
  return latencyChances(LATENCY_BOUNDS, { median: 0.12, spread: 0.6 }, slowness);
}
