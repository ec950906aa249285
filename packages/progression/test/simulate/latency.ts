import type { Histogram, QuantileSignal } from "../../src/index.ts";
import { binomial, type Random } from "./random.ts";

const GROWTH = 1.1;
/** Buckets from 10 ms to 10 s, each a tenth wider than the one before. */
export const LATENCY_BOUNDS: readonly number[] = Array.from(
  { length: 74 },
  (_, i) => 0.01 * GROWTH ** i,
);

export const P95: QuantileSignal = {
  id: "p95",
  kind: "quantile",
  worse: "up",
  alpha: 0.001,
  margin: { rel: 0.15 },
  bounds: LATENCY_BOUNDS,
};

/** Median and spread of the log of latencies, in seconds. */
const MEDIAN = 0.12;
const SPREAD = 0.6;

/** Chance of each bucket for log-normal latencies that are `slowness` times as long. */
export function latencyChances(slowness: number): number[] {
  const below = LATENCY_BOUNDS.map((bound) =>
    cumulative(Math.log(bound / (MEDIAN * slowness)) / SPREAD),
  );
  return [...below, 1].map((chance, i) => chance - (i === 0 ? 0 : (below[i - 1] ?? 0)));
}

/** Draws how many of so many requests fall in each bucket. */
export function drawLatencies(random: Random, n: number, chances: readonly number[]): Histogram {
  let [left, chanceLeft] = [n, 1];
  const buckets = chances.map((chance) => {
    const count = chanceLeft <= chance ? left : binomial(random, left, chance / chanceLeft);
    left -= count;
    chanceLeft -= chance;
    return count;
  });
  return { buckets };
}

/** Normal distribution. Source: Abramowitz and Stegun 7.1.26, to 1.5e-7. */
function cumulative(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const series =
    t *
    (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (series * Math.exp(-(x ** 2) / 2)) / 2;
  return x > 0 ? 1 - tail : tail;
}
