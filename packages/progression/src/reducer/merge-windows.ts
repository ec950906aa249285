import type { Counts, Histogram } from "../statistics/index.ts";
import type { Clients, EvidenceWindow, PathCounts } from "./event.ts";

/**
 * Adds up what several sources counted of one interval, such as gateways on two platforms, so that they
 * count as one source. All of them must be there: a source that is missing is no window, and no zero.
 *
 * Distinct clients cannot be added, since one client can be seen by two sources: the source that saw most
 * counts. A signal, clients or instances that any of them does not give are not given.
 *
 * @returns `null` where the list is empty, or the intervals are not the same.
 */
export function mergeWindows(windows: readonly EvidenceWindow[]): EvidenceWindow | null {
  const [first, ...others] = windows;
  if (first === undefined) return null;
  if (others.some(({ from, to }) => from !== first.from || to !== first.to)) return null;
  return others.reduce(addWindows, first);
}

function addWindows(sum: EvidenceWindow, added: EvidenceWindow): EvidenceWindow {
  const { from, to, instances } = sum;
  return {
    from,
    to,
    canary: addPaths(sum.canary, added.canary),
    control: addPaths(sum.control, added.control),
    decisions: addDecisions(sum.decisions, added.decisions),
    instances: instances === null || added.instances === null ? null : instances + added.instances,
  };
}

function addPaths(sum: PathCounts, added: PathCounts): PathCounts {
  const signals: Record<string, Counts | Histogram> = {};
  for (const [name, own] of Object.entries(sum.signals)) {
    const other = Object.hasOwn(added.signals, name) ? added.signals[name] : undefined;
    const both = other === undefined ? null : addSignals(own, other);
    if (both !== null) signals[name] = both;
  }
  const { requests, clients } = sum;
  return {
    requests: requests + added.requests,
    clients: mostClients(clients, added.clients),
    signals,
  };
}

/** `null`: the buckets are not the same ones, or only one of them has buckets. */
function addSignals(own: Counts | Histogram, other: Counts | Histogram): Counts | Histogram | null {
  if ("buckets" in own) {
    if (!("buckets" in other) || other.buckets.length !== own.buckets.length) return null;
    return { buckets: own.buckets.map((count, i) => count + (other.buckets[i] ?? 0)) };
  }
  if ("buckets" in other) return null;
  return { trials: own.trials + other.trials, hits: own.hits + other.hits };
}

function mostClients(own: Clients | null, other: Clients | null): Clients | null {
  if (own === null || other === null) return null;
  return {
    all: Math.max(own.all, other.all),
    failing: Math.max(own.failing, other.failing),
  };
}

function addDecisions(
  own: EvidenceWindow["decisions"],
  other: EvidenceWindow["decisions"],
): EvidenceWindow["decisions"] {
  const sum = new Map(Object.entries(own));
  for (const [epoch, count] of Object.entries(other)) sum.set(epoch, (sum.get(epoch) ?? 0) + count);
  return Object.fromEntries(sum);
}
