/** What is known of a site's traffic before a rollout. */
export interface Traffic {
  /** Requests per second of both paths: always, or for each of the 24 hours of a day. */
  readonly rps: number | readonly number[];
  /** Legacy's rate of each rate signal, 0 to 1, by the signal's id. One that is absent counts as 0. */
  readonly rates: Readonly<Record<string, number>>;
  /** By the signal's id. Default 1. */
  readonly trialsPerRequest?: Readonly<Record<string, number>>;
  /** How many failures come together, by the signal's id, at least 1. Default 1. */
  readonly designEffect?: Readonly<Record<string, number>>;
  /** Default 15. */
  readonly windowSeconds?: number;
  /** The hour, 0 to 23, in which each stage begins. Default: the quietest, the first of equals. */
  readonly startHour?: number;
  /** Rates of EdgeZero of which it is asked how long they take to be seen. Default 0.005, 0.02, 0.1, 1. */
  readonly failureRates?: readonly number[];
  /** How fast a latency's tail falls: P(slower than s × bound) ≈ P(slower than bound) × s^−tailIndex. Default 2.5. */
  readonly tailIndex?: number;
}

const MINUTES_OF_AN_HOUR = 60;
/** 30 days. */
const FURTHEST_MINUTES = 30 * 24 * MINUTES_OF_AN_HOUR;

/** Requests that come in so many minutes from the start hour on, hour by hour. */
export function requestsWithin(traffic: Traffic, minutes: number): number {
  let requests = 0;
  for (let from = 0; from < minutes; from += MINUTES_OF_AN_HOUR) {
    const part = Math.min(MINUTES_OF_AN_HOUR, minutes - from);
    requests += rpsAt(traffic, from) * 60 * part;
  }
  return requests;
}

/**
 * Minutes from the start hour on until so many requests came, rounded up to whole windows, at least one.
 *
 * @returns `null` where they take more than 30 days.
 */
export function minutesUntil(traffic: Traffic, requests: number): number | null {
  let left = requests;
  for (let from = 0; from < FURTHEST_MINUTES; from += MINUTES_OF_AN_HOUR) {
    const perMinute = rpsAt(traffic, from) * 60;
    if (perMinute > 0 && left <= perMinute * MINUTES_OF_AN_HOUR) {
      return wholeWindows(traffic, from + left / perMinute);
    }
    left -= perMinute * MINUTES_OF_AN_HOUR;
  }
  return null;
}

/** Rounding must not add a window: hence a little less. */
function wholeWindows({ windowSeconds = 15 }: Traffic, minutes: number): number {
  const windows = Math.max(1, Math.ceil((minutes * 60) / windowSeconds - 1e-9));
  return (windows * windowSeconds) / 60;
}

function rpsAt({ rps, startHour }: Traffic, minutes: number): number {
  if (typeof rps === "number") return rps;
  const start = startHour ?? rps.indexOf(Math.min(...rps));
  return rps[(start + Math.floor(minutes / MINUTES_OF_AN_HOUR)) % rps.length] ?? 0;
}
