import type { Random } from "./random.ts";
import { binomial, poisson } from "./random.ts";
import type { SyntheticClients } from "./traffic.ts";

const BUCKETS = 100;

/** A site's clients, in the order of their buckets: those of EdgeZero come first. */
export interface Population {
  /** How much each one sends, as a part of all that is sent. */
  readonly parts: Float64Array;
  /** How many are in buckets below each percentage, 0 to 100, and what they send together. */
  readonly below: readonly number[];
  readonly partBelow: readonly number[];
}

/** Clients of one path. */
export interface Group {
  readonly from: number;
  readonly to: number;
}

/** Draws clients with a Pareto distribution of what they send, and their buckets. */
export function drawPopulation({ count, tail }: SyntheticClients, random: Random): Population {
  const parts = new Float64Array(count);
  let all = 0;
  for (let i = 0; i < count; i += 1) {
    const sends = (1 - random()) ** (-1 / tail);
    parts[i] = sends;
    all += sends;
  }
  const below = [0];
  const partBelow = [0];
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const known = below[bucket] ?? 0;
    const here = binomial(random, count - known, 1 / (BUCKETS - bucket));
    let part = partBelow[bucket] ?? 0;
    for (let i = known; i < known + here; i += 1) {
      parts[i] = (parts[i] ?? 0) / all;
      part += parts[i] ?? 0;
    }
    below.push(known + here);
    partBelow.push(part);
  }
  return { parts, below, partBelow };
}

/** EdgeZero's part of all requests at a percentage. */
export function shareAt({ partBelow }: Population, pct: number): number {
  return partBelow[pct] ?? 1;
}

export function groupsAt(
  { parts, below }: Population,
  pct: number,
): { readonly canary: Group; readonly control: Group } {
  const border = below[pct] ?? parts.length;
  return { canary: { from: 0, to: border }, control: { from: border, to: parts.length } };
}

/** Steps of the log of requests in which the number of active clients is told apart. */
const LOG_STEP = 0.1;

/**
 * Draws how many of each path's clients send at least one of a window's requests. Expectations are kept for
 * numbers of requests that are nearly the same: to add them up over all clients takes long.
 */
export function activeClients(
  { parts, below }: Population,
  random: Random,
): (pct: number, requests: number) => { readonly canary: number; readonly control: number } {
  const known = new Map<number, readonly number[]>();
  const expectedBelow = (step: number): readonly number[] => {
    const requests = Math.exp(step * LOG_STEP);
    const expected = [0];
    for (let bucket = 1; bucket <= BUCKETS; bucket += 1) {
      let sum = expected[bucket - 1] ?? 0;
      for (let i = below[bucket - 1] ?? 0; i < (below[bucket] ?? 0); i += 1) {
        sum += 1 - Math.exp(-(parts[i] ?? 0) * requests);
      }
      expected.push(sum);
    }
    known.set(step, expected);
    return expected;
  };
  const drawn = (of: number, expected: number): number =>
    of > 0 ? binomial(random, of, expected / of) : 0;
  return (pct, requests) => {
    if (requests <= 0) return { canary: 0, control: 0 };
    const step = Math.round(Math.log(requests) / LOG_STEP);
    const expected = known.get(step) ?? expectedBelow(step);
    const [border = 0, active = 0] = [below[pct], expected[pct]];
    return {
      canary: drawn(border, active),
      control: drawn(parts.length - border, (expected[BUCKETS] ?? 0) - active),
    };
  };
}

/** Hits, and the clients that had them. */
export interface ClientHits {
  readonly hits: number;
  readonly failing: number;
}

/** Clients that have a bad moment, each with this chance: all that they send in the window hits. */
export function drawBadMoments(
  { parts }: Population,
  { from, to }: Group,
  requests: number,
  chance: number,
  random: Random,
): ClientHits {
  let [hits, failing] = [0, 0];
  for (let left = poisson(random, (to - from) * chance); left > 0; left -= 1) {
    const client = from + Math.floor(random() * (to - from));
    const sent = poisson(random, (parts[client] ?? 0) * requests);
    hits += sent;
    if (sent > 0) failing += 1;
  }
  return { hits, failing };
}
