import type { Increase } from "./count-interval.ts";

/** How many lie at or below each bound, by the bound in whole microseconds. */
export type Cumulative = ReadonlyMap<number, number>;

/** Reads the buckets of one histogram of one gateway. */
export function cumulativeOf(buckets: Increase): Cumulative {
  return new Map(
    buckets.map(({ labels, value }) => [microseconds(secondsOf(labels["le"]) * 1000), value]),
  );
}

/** `null` where no bucket ends there. */
export function cumulativeAt(cumulative: Cumulative, boundMs: number): number | null {
  return cumulative.get(microseconds(boundMs)) ?? null;
}

/** The first bound, in milliseconds, that is at least this long. */
export function boundFrom(cumulative: Cumulative, ms: number): number {
  return Math.min(...[...cumulative.keys()].map((bound) => bound / 1000).filter((b) => b >= ms));
}

function secondsOf(le: string | undefined): number {
  return le === "+Inf" ? Infinity : Number(le);
}

function microseconds(ms: number): number {
  return Math.round(ms * 1000);
}
