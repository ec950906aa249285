/** The most probes in any second, for each gateway. */
const PROBES_A_SECOND = 20;

/** Sent at once, so that a gateway is seen before the write. */
const FIRST = 3;
const PAUSE_BEFORE_MS = 100;
/** Pauses by the time since the write began, in milliseconds: close together at first. */
const PAUSES: readonly (readonly [until: number, pauseMs: number])[] = [
  [150, 15],
  [1000, 140],
];
const USUAL_PAUSE_MS = 50;

/**
 * How long to wait before the next probe, in milliseconds, so that there are never more than 20 in a
 * second. Pure.
 *
 * @param sentAt The times of the probes so far, in order.
 * @param writtenAt When the write was taken, or `null` before.
 */
export function pauseMs(sentAt: readonly number[], writtenAt: number | null, now: number): number {
  const last = sentAt.at(-1) ?? -Infinity;
  const [, usual] = PAUSES.find(([until]) => now - (writtenAt ?? 0) < until) ?? [0, USUAL_PAUSE_MS];
  const start = sentAt.length < FIRST ? 0 : PAUSE_BEFORE_MS;
  const next = last + (writtenAt === null ? start : usual);
  const oldest = sentAt.at(-PROBES_A_SECOND) ?? -Infinity;
  return Math.max(0, next - now, oldest + 1000 - now);
}
