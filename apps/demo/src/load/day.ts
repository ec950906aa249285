/** Requests per second, over a whole day of the demo. */
export const MEAN_RPS = 400;
/** The length of a day of the demo, in milliseconds. */
export const DAY_MS = 120_000;
/** By how much the busiest moment is above the mean, and the quietest below it. */
const SWING = 0.35;

/** Requests per second at a moment: quiet at night, busy in the evening. */
export function rpsAt(sinceMs: number): number {
  const turns = sinceMs / DAY_MS;
  return MEAN_RPS * (1 + SWING * Math.sin(2 * Math.PI * turns));
}
