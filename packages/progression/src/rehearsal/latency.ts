import type { Histogram } from "../statistics/index.ts";
import type { Random } from "./random.ts";
import { binomial } from "./random.ts";

/** Log-normal latencies: the median in the unit of the bounds, and the deviation of the log. */
export interface Latency {
  readonly median: number;
  readonly spread: number;
}

/** Bounds of `count` buckets, the first of `first`, each a tenth above the one before. */
export function boundsFrom(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => first * 1.1 ** i);
}

/** Smaller chances are beyond the accuracy of the distribution. */
const NO_CHANCE = 1.5e-7;

/** The chance of each bucket for latencies that are `times` as long. */
export function latencyChances(
  bounds: readonly number[],
  { median, spread }: Latency,
  times: number,
): readonly number[] {
  const below = bounds.map((bound) => cumulative(Math.log(bound / (median * times)) / spread));
  const chances = [...below, 1].map((chance, i) => {
    const here = chance - (i === 0 ? 0 : (below[i - 1] ?? 0));
    return here > NO_CHANCE ? here : 0;
  });
  const sum = chances.reduce((all, chance) => all + chance, 0);
  return chances.map((chance) => chance / sum);
}

/** Draws how many of so many requests fall in each bucket. */
export function drawLatencies(random: Random, n: number, chances: readonly number[]): Histogram {
  const buckets = chances.map(() => 0);
  let [left, chanceLeft] = [n, 1];
  for (let i = 0; i < buckets.length && left > 0; i += 1) {
    const chance = chances[i] ?? 0;
    if (chance <= 0) continue;
    // Of the last bucket's chance, rounding may leave a little less than there is.
    const isLast = chanceLeft - chance < NO_CHANCE;
    const count = isLast ? left : binomial(random, left, chance / chanceLeft);
    buckets[i] = count;
    left -= count;
    chanceLeft -= chance;
  }
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
