import type { Random } from "./random.ts";
import { binomial, geometric, normal, poisson } from "./random.ts";
import type { SyntheticTraffic } from "./traffic.ts";

const DAY_SECONDS = 86_400;
const INCIDENT = { seconds: 600, times: 10 };

/** Requests in a window, before any of them fails. */
export interface Load {
  readonly canary: number;
  readonly control: number;
  /** By how much more often both paths fail than usual. */
  readonly multiple: number;
}

type LoadTraffic = Omit<SyntheticTraffic, "rates" | "latency" | "clients" | "burst">;

/**
 * A site's load, window by window. `second` is that of the day's clock, and never goes back; `share` is
 * EdgeZero's part of the requests, 0 to 1.
 */
export function loadsOf(
  traffic: LoadTraffic,
  random: Random,
): (second: number, seconds: number, share: number) => Load {
  const { rps, rhythm = false, incidents = 0, wander = 0, shares = 0 } = traffic;
  const phase = random() * DAY_SECONDS;
  let minute = -1;
  let [incidentUntil, factor, shareFactor] = [0, 1, 1];

  const beginMinute = (second: number, seconds: number): void => {
    const chance = (incidents * Math.max(60, seconds)) / DAY_SECONDS;
    if (incidents > 0 && random() < chance) incidentUntil = second + INCIDENT.seconds;
    if (wander > 0) factor = Math.exp(wander * normal(random) - wander ** 2 / 2);
    if (shares > 0) shareFactor = Math.exp(shares * (2 * random() - 1));
  };

  return (second, seconds, share) => {
    const present = Math.floor(second / 60);
    if (present !== minute) beginMinute(second, seconds);
    minute = present;
    const busy = rhythm ? 1 + 0.6 * Math.sin((2 * Math.PI * (phase + second)) / DAY_SECONDS) : 1;
    const requests = poisson(random, rpsAt(rps, second) * seconds * busy);
    const canary = binomial(random, requests, Math.min(1, share * shareFactor));
    const multiple = factor * (second < incidentUntil ? INCIDENT.times : 1);
    return { canary, control: requests - canary, multiple };
  };
}

/** Requests per second at a second of the day's clock. */
export function rpsAt(rps: SyntheticTraffic["rps"], second: number): number {
  if (typeof rps === "number") return rps;
  return rps[Math.floor(second / 3600) % rps.length] ?? 0;
}

/** How many of a path's trials hit, in bursts of geometric size with this mean. */
export function drawHits(random: Random, trials: number, chance: number, burst: number): number {
  if (burst <= 1 || chance >= 1) return binomial(random, trials, chance);
  let hits = 0;
  for (let left = poisson(random, (trials * chance) / burst); left > 0; left -= 1) {
    hits += geometric(random, burst);
  }
  return Math.min(trials, hits);
}
