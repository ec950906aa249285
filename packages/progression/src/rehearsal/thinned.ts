import type { EvidenceWindow, PathCounts } from "../reducer/index.ts";
import type { Counts, Histogram } from "../statistics/index.ts";
import type { Random } from "./random.ts";
import { binomial } from "./random.ts";

/**
 * A window in which a random part of EdgeZero's requests counts, as if the others had not come. How many of
 * its clients that would be is unknown.
 */
export function thinned(window: EvidenceWindow, part: number, random: Random): EvidenceWindow {
  const { canary, control } = window;
  const signals = Object.entries(canary.signals).map(([name, counted]) => [
    name,
    fewer(counted, part, random),
  ]);
  const own: PathCounts = {
    requests: kept(canary.requests, part, random),
    clients: null,
    signals: Object.fromEntries(signals),
  };
  return { ...window, canary: own, control: { ...control, clients: null } };
}

function fewer(counted: Counts | Histogram, part: number, random: Random): Counts | Histogram {
  if ("buckets" in counted) {
    return { buckets: counted.buckets.map((count) => kept(count, part, random)) };
  }
  const hits = kept(counted.hits, part, random);
  return { hits, trials: hits + kept(counted.trials - counted.hits, part, random) };
}

/** Of a weighted count, whole ones. */
function kept(count: number, part: number, random: Random): number {
  return binomial(random, Math.round(count), part);
}
