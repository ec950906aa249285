const INTERVAL_MS = 60_000;

/**
 * Limits a line of the log to one a minute, whatever happens how often.
 *
 * @param say Says it, with how often it has happened since it was last said.
 * @param now A clock in milliseconds.
 * @returns Call it each time that it happens.
 */
export function onceAMinute<Detail extends unknown[]>(
  say: (count: number, ...detail: Detail) => void,
  now: () => number = Date.now,
): (...detail: Detail) => void {
  let unsaid = 0;
  let saidAt = -Infinity;
  return (...detail) => {
    unsaid++;
    if (now() - saidAt < INTERVAL_MS) return;
    saidAt = now();
    const count = unsaid;
    unsaid = 0;
    say(count, ...detail);
  };
}
