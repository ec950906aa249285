import type { RolloutPlan } from "../plan/rollout-plan.ts";
import type { Site } from "../reducer/index.ts";
import type { RehearsalOptions } from "./course.ts";
import { boundsFrom } from "./latency.ts";

/** Options with their defaults filled in. */
export type FilledOptions = Required<RehearsalOptions>;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A Monday, 09:00 UTC. */
const MONDAY: number = Date.UTC(2026, 0, 5, 9);
/** Buckets from 10 ms to 10 s. */
const BOUNDS: readonly number[] = boundsFrom(10, 74);

export function filled(plan: RolloutPlan, options: RehearsalOptions): FilledOptions {
  const holds = plan.stages.reduce((sum, { holdMs }) => sum + holdMs, 0);
  return {
    startAt: MONDAY,
    warmUpMs: 2 * HOUR_MS,
    mostMs: 2 * holds + DAY_MS,
    approvesAfterMs: 0,
    propagationMs: 15_000,
    probes: true,
    bounds: BOUNDS,
    ...options,
  };
}

/** The source of a made-up site's traffic, and of signals that name no source. */
export const SOURCE = "rehearsal";

export function siteOf({ bounds, propagationMs, probes }: FilledOptions): Site {
  return { source: SOURCE, bounds, delayMs: {}, propagationMs, probes };
}
