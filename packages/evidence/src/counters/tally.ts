import type { CountedSignal, SourceOptions } from "../source.ts";
import type { Counted, Requests } from "./count-path.ts";
import { PATIENCE_MS } from "./metrics.ts";

/** What is counted of one request. */
export interface CountedRequest {
  readonly outcome: string;
  readonly durationMs: number;
  /** `null` where the last byte was not sent, or where the runtime cannot tell. */
  readonly lastByteMs: number | null;
}

/** Requests of one path that came one by one, and not as counters. */
export interface PathTally {
  requests: number;
  failures: number;
  timeouts: number;
  readonly buckets: number[];
}

export function startTally(bounds: readonly number[]): PathTally {
  const buckets = Array.from({ length: bounds.length + 1 }, () => 0);
  return { requests: 0, failures: 0, timeouts: 0, buckets };
}

/** Adds a request that stands for `weight` of them. An outcome that is not known is no failure. */
export function addToTally(
  tally: PathTally,
  request: CountedRequest,
  weight: number,
  bounds: readonly number[],
): void {
  const { outcome, durationMs } = request;
  const isTimeout = outcome === "timeout" || isLateAbort(request);
  tally.requests += weight;
  if (isTimeout) tally.timeouts += weight;
  if (isTimeout || outcome === "error") tally.failures += weight;
  if (outcome !== "ok") return;
  const bucket = bounds.findIndex((bound) => durationMs <= bound);
  const index = bucket === -1 ? tally.buckets.length - 1 : bucket;
  tally.buckets[index] = (tally.buckets[index] ?? 0) + weight;
}

/** Requests and signals of a tally. Single requests have no counters of the site's own. */
export function requestsOf(tally: PathTally, signals: readonly CountedSignal[]): Requests {
  const given = signals.flatMap((signal): [string, Counted][] => {
    const counts = countsOf(signal, tally);
    return counts === null ? [] : [[signal.name, counts]];
  });
  return { requests: tally.requests, signals: Object.fromEntries(given) };
}

/** The settings by which a tally counts. */
export type TallyOptions = Pick<SourceOptions, "signals" | "bounds">;

function countsOf({ of }: CountedSignal, tally: PathTally): Counted | null {
  const { requests: trials, failures, timeouts, buckets } = tally;
  if (of === "failures") return { trials, hits: Math.min(trials, failures) };
  if (of === "timeouts") return { trials, hits: Math.min(trials, timeouts) };
  return of === "latency" ? { buckets } : null;
}

/** A client that left after it had waited too long for a first byte. */
function isLateAbort({ outcome, durationMs, lastByteMs }: CountedRequest): boolean {
  return outcome === "aborted" && lastByteMs === null && durationMs > PATIENCE_MS;
}
