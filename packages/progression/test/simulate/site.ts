import type { Counts } from "../../src/index.ts";
import { binomial, geometric, normal, poisson, type Random } from "./random.ts";

/** How often a site's requests come and fail. Rates are 0 to 1. */
export interface Site {
  readonly name: string;
  /** Requests per second of both paths, at the mean of a day. */
  readonly rps: number;
  /** Legacy's rate of failures. */
  readonly rate: number;
  /** EdgeZero's, where it differs. */
  readonly canaryRate?: number;
  /** Mean size of a burst of failures: 1 is independent ones. All of one burst are on one path. */
  readonly burst?: number;
  /** Whether traffic has a day's rhythm: 0.4 to 1.6 times the mean. */
  readonly rhythm?: boolean;
  /** Incidents a day, of 10 minutes, in which both paths fail ten times as often. */
  readonly incidents?: number;
  /** By how much both rates wander from minute to minute: standard deviation of their log. */
  readonly wander?: number;
  /** By how much EdgeZero's share of requests wanders: the log is uniform between ± this. */
  readonly shares?: number;
  /** Minutes of the rollout from which both paths fail wholly for 5 minutes. */
  readonly outages?: readonly number[];
}

export interface PathCounts {
  readonly canary: Counts;
  readonly control: Counts;
}

/** Seconds of a window. */
export const WINDOW = 15;
const DAY = 86_400;

/** A site's windows, one after the other: `pct` is EdgeZero's percentage in the window. */
export type Traffic = (pct: number) => PathCounts;

export function trafficOf(site: Site, random: Random): Traffic {
  const { rps, rate, canaryRate = rate, burst = 1, rhythm = false, outages = [] } = site;
  const { incidents = 0, wander = 0, shares = 0 } = site;
  const phase = random() * DAY;
  let second = 0;
  let [incidentUntil, factor, shareFactor] = [0, 1, 1];

  const beginMinute = (): void => {
    if (random() < (incidents * 60) / DAY) incidentUntil = second + 600;
    factor = wander > 0 ? Math.exp(wander * normal(random) - wander ** 2 / 2) : 1;
    shareFactor = Math.exp(shares * (2 * random() - 1));
  };

  return (pct) => {
    if (second % 60 === 0) beginMinute();
    const busy = rhythm ? 1 + 0.6 * Math.sin((2 * Math.PI * (phase + second)) / DAY) : 1;
    const requests = poisson(random, rps * WINDOW * busy);
    const canary = binomial(random, requests, Math.min(1, (pct / 100) * shareFactor));
    const isDown = outages.some((minute) => second >= minute * 60 && second < (minute + 5) * 60);
    const multiple = factor * (second < incidentUntil ? 10 : 1);
    const on = (trials: number, chance: number): Counts => ({
      trials,
      hits: isDown ? trials : failures(random, trials, Math.min(1, chance * multiple), burst),
    });
    second += WINDOW;
    return { canary: on(canary, canaryRate), control: on(requests - canary, rate) };
  };
}

/** Failures on one path, in bursts of geometric size. */
function failures(random: Random, trials: number, chance: number, burst: number): number {
  if (burst <= 1 || chance >= 1) return binomial(random, trials, chance);
  let hits = 0;
  for (let left = poisson(random, (trials * chance) / burst); left > 0; left -= 1) {
    hits += geometric(random, burst);
  }
  return Math.min(trials, hits);
}
