/** A worker that has lived for so long is no part of a row of crashes. */
export const STEADY_MS = 10_000;
const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/**
 * How long to wait before a worker is replaced, in milliseconds: not at all for one that has lived for
 * ten seconds, then a quarter of a second, and twice as long each time, up to half a minute. Pure.
 *
 * @param endsInARow How many workers of this number have ended one after the other, each before it
 *   was steady.
 */
export function restartDelayMs(endsInARow: number): number {
  return endsInARow === 0 ? 0 : Math.min(FIRST_MS * 2 ** (endsInARow - 1), LONGEST_MS);
}
