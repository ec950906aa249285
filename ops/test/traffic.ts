import { Agent } from "node:http";
import { fnv1aBucket } from "@edgezero/rollout";
import { send } from "@edgezero/testbed/http-client";
import { startUpstream } from "@edgezero/testbed/upstream";
import type { Upstream } from "@edgezero/testbed/upstream";

/** Distinct addresses, equally many of each bucket, in an order that mixes the buckets. */
export function addressesOfEachBucket(count: number): string[] {
  const buckets = Array.from({ length: 100 }, () => [] as string[]);
  for (let i = 0; buckets.some(({ length }) => length < count); i++) {
    const address = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
    const bucket = buckets[fnv1aBucket(address)];
    if (bucket !== undefined && bucket.length < count) bucket.push(address);
  }
  return Array.from({ length: count }, (_, i) =>
    buckets.map((bucket) => bucket[i] as string),
  ).flat();
}

/** An origin with a delay before each answer, as a network and a database cause. */
export interface SlowOrigin {
  readonly upstream: Upstream;
  /** The delay before each answer so far, in milliseconds. */
  readonly waitedMs: number[];
}

/**
 * Starts an origin whose latencies are log-normal, as real ones are: a median and a long tail. They
 * are the same in each run: the quantiles of an even sequence.
 *
 * @param medianMs Half of the answers take longer.
 * @param failEvery Every so many answers one is a 500; 0 is never.
 */
export async function startSlowOrigin(medianMs: number, failEvery: number): Promise<SlowOrigin> {
  const waitedMs: number[] = [];
  const upstream = await startUpstream((_, response) => {
    const turn = waitedMs.length;
    const latencyMs = medianMs * Math.exp(SPREAD * normalQuantile(evenly(turn)));
    waitedMs.push(latencyMs);
    const fails = failEvery > 0 && turn % failEvery === 0;
    setTimeout(() => void response.writeHead(fails ? 500 : 200).end("hello"), latencyMs);
  });
  return { upstream, waitedMs };
}

/** The spread of the logarithm: the p95 is 2.3 times the median. */
const SPREAD = 0.5;
const GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

/** The `turn`th number of a sequence that fills 0 to 1 evenly, without either end. */
function evenly(turn: number): number {
  return (0.5 + turn * GOLDEN_RATIO) % 1;
}

/** The standard normal distribution's quantile, to about 0.0005 (Abramowitz and Stegun 26.2.23). */
function normalQuantile(share: number): number {
  if (share > 0.5) return -normalQuantile(1 - share);
  const t = Math.sqrt(-2 * Math.log(share));
  const above = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  const below = 1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t;
  return above / below - t;
}

/** Sends one request for each client, up to a number at a time. Counts each status and path. */
export async function sendFromAll(
  url: string,
  clients: readonly string[],
  atOnce: number,
): Promise<Record<string, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const answers: Record<string, number> = {};
  const left = clients.values();
  async function sendTheRest(): Promise<void> {
    for (const client of left) {
      const { path, status } = await send(url, { agent, headers: { "x-forwarded-for": client } });
      const answer = `${path} ${status}`;
      answers[answer] = (answers[answer] ?? 0) + 1;
    }
  }
  await Promise.all(Array.from({ length: atOnce }, sendTheRest));
  agent.destroy();
  return answers;
}

/** The quantile: the smallest value that at least that share of the values do not exceed. */
export function quantileOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(share * sorted.length) - 1] ?? NaN;
}
