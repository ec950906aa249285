import type { Counts } from "../../src/index.ts";
import { drawHits, loadsOf } from "../../src/rehearsal/load.ts";
import type { Random } from "../../src/rehearsal/random.ts";
import type { SyntheticTraffic } from "../../src/rehearsal/traffic.ts";

/** A site's traffic with one signal: failures. Rates are 0 to 1. */
export interface Site extends Omit<SyntheticTraffic, "rates" | "clients" | "latency"> {
  readonly name: string;
  /** Legacy's rate of failures. */
  readonly rate: number;
  /** EdgeZero's, where it differs. */
  readonly canaryRate?: number;
  /** Minutes of the rollout from which both paths fail wholly for 5 minutes. */
  readonly outages?: readonly number[];
}

export interface PathCounts {
  readonly canary: Counts;
  readonly control: Counts;
}

/** Seconds of a window. */
export const WINDOW = 15;

/** A site's windows, one after the other: `pct` is EdgeZero's percentage in the window. */
export type Traffic = (pct: number) => PathCounts;

export function trafficOf(site: Site, random: Random): Traffic {
  const { rate, canaryRate = rate, burst = 1, outages = [] } = site;
  const load = loadsOf(site, random);
  let second = 0;
  return (pct) => {
    const { canary, control, multiple } = load(second, WINDOW, pct / 100);
    const isDown = outages.some((minute) => second >= minute * 60 && second < (minute + 5) * 60);
    const on = (trials: number, chance: number): Counts => ({
      trials,
      hits: isDown ? trials : drawHits(random, trials, Math.min(1, chance * multiple), burst),
    });
    second += WINDOW;
    return { canary: on(canary, canaryRate), control: on(control, rate) };
  };
}
