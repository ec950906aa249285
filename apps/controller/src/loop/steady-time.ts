import type { Clock } from "./clock.ts";

/** A difference that a machine's clock may make up by itself. */
const SLEW_MS = 1000;

/** The time of a rollout, which never runs backwards. */
export interface SteadyTime {
  /** Milliseconds of the epoch. */
  now(): number;
  /** How far it is ahead of the machine's clock: more than 0 after that was set back. */
  leadMs(): number;
}

/**
 * Follows the machine's clock as long as that goes forward. Where it is set back the rollout's time goes on
 * from where it was, since evidence of an earlier time would never count.
 *
 * @param from The latest time that the rollout knows.
 */
export function steadyTime(clock: Clock, from: number): SteadyTime {
  let last = from;
  let at = clock.elapsed();
  function now(): number {
    const elapsed = clock.elapsed();
    const expected = last + Math.max(0, elapsed - at);
    const wall = clock.wall();
    const isSetBack = wall < expected - SLEW_MS;
    last = Math.floor(isSetBack ? expected : Math.max(last, wall));
    at = elapsed;
    return last;
  }
  return {
    now,
    leadMs() {
      const leadMs = now() - clock.wall();
      return leadMs > SLEW_MS ? leadMs : 0;
    },
  };
}
