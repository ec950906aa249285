import type { CountedSignal } from "../source.ts";
import type { Counted, Requests } from "./count-path.ts";

/**
 * Adds what several gateways counted of one path. A custom signal is that of the gateways which have
 * its counters; one of the other signals is given only where each gateway gives it.
 */
export function addCounts(parts: readonly Requests[], signals: readonly CountedSignal[]): Requests {
  const given = signals.flatMap(({ name, of }): [string, Counted][] => {
    const known = parts.flatMap((part) => part.signals[name] ?? []);
    const isWhole = typeof of !== "string" || known.length === parts.length;
    return isWhole && known.length > 0 ? [[name, known.reduce(added)]] : [];
  });
  return {
    requests: parts.reduce((sum, { requests }) => sum + requests, 0),
    signals: Object.fromEntries(given),
  };
}

function added(a: Counted, b: Counted): Counted {
  if ("buckets" in a && "buckets" in b) {
    return { buckets: a.buckets.map((count, i) => count + (b.buckets[i] ?? 0)) };
  }
  if ("buckets" in a || "buckets" in b) return a;
  return { trials: a.trials + b.trials, hits: a.hits + b.hits };
}
