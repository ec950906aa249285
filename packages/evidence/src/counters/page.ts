import type { Sample } from "../exposition/parse-exposition.ts";
import { seriesKey } from "../exposition/parse-exposition.ts";
import type { CountedSignal, CounterSelector, Missing } from "../source.ts";
import { missing } from "../source.ts";
import { METRICS } from "./metrics.ts";

/** What one gateway had counted at one time. */
export interface Page {
  /** Milliseconds of the epoch. */
  readonly at: number;
  readonly gauges: Gauges;
  /** By {@link seriesKey}. Each value is finite and not negative. */
  readonly counters: ReadonlyMap<string, Sample>;
}

interface Gauges {
  /** In hexadecimal digits, as events carry it; `null` where the gateway does not say. */
  readonly epoch: string | null;
  /** The percentage that it routes by; `null` where the gateway does not say. */
  readonly pct: number | null;
  /** Whether all workers of the gateway go by that epoch. */
  readonly isOneEpoch: boolean;
  /** When the process started; `null` where the gateway does not say. */
  readonly startedAt: number | null;
  /** How many processes the page counts for, each of which answers probes by a name of its own. */
  readonly workers: number;
  /** Distinct clients of the last minute; `null` where the gateway does not count them. */
  readonly clients: Readonly<Record<"legacy" | "edgezero", PageClients | null>>;
}

interface PageClients {
  readonly all: number;
  readonly failing: number;
}

/** The counters that a custom signal is made of. */
function selectorsOf(signals: readonly CountedSignal[]): readonly CounterSelector[] {
  return signals.flatMap(({ of }) => (typeof of === "string" ? [] : [of.hits, of.trials]));
}

/** The names of all metrics that are read. */
export function metricNames(signals: readonly CountedSignal[]): ReadonlySet<string> {
  const custom = selectorsOf(signals).map(({ metric }) => metric);
  return new Set([...Object.values(METRICS), ...custom]);
}

const GAUGES: ReadonlySet<string> = new Set([
  METRICS.clients,
  METRICS.epoch,
  METRICS.pct,
  METRICS.startedAt,
  METRICS.workers,
]);

/** Makes a page of samples, or says why they are not the counts of a gateway. */
export function pageOf(at: number, samples: readonly Sample[]): Page | Missing {
  const counters = new Map<string, Sample>();
  for (const sample of samples) {
    const { name, value } = sample;
    if (GAUGES.has(name)) continue;
    if (!Number.isFinite(value) || value < 0) {
      return missing("not-understood", `a counter of ${name} is ${value}`);
    }
    counters.set(seriesKey(sample), sample);
  }
  const hasRequests = samples.some(({ name }) => name === METRICS.requests);
  if (!hasRequests) return missing("no-data", `the page has no ${METRICS.requests}`);
  return { at, gauges: gaugesOf(samples), counters };
}

function gaugesOf(samples: readonly Sample[]): Gauges {
  const value = (name: string, labels: Sample["labels"] = {}): number | null => {
    const known = samples.find(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([key, text]) => sample.labels[key] === text),
    );
    return known !== undefined && Number.isFinite(known.value) && known.value >= 0
      ? known.value
      : null;
  };
  const clientsOf = (path: string): PageClients | null => {
    const all = value(METRICS.clients, { path, outcome: "all" });
    const failing = value(METRICS.clients, { path, outcome: "failing" });
    // Both are estimates, so that the smaller one may come out larger.
    return all === null || failing === null ? null : { all, failing: Math.min(all, failing) };
  };
  // A gateway of several workers has one for each of them.
  const epochs = new Set(
    samples.filter(({ name }) => name === METRICS.epoch).map((sample) => sample.value),
  );
  const epoch = value(METRICS.epoch);
  return {
    epoch: epoch === null || epochs.size > 1 ? null : epoch.toString(16),
    isOneEpoch: epochs.size <= 1,
    pct: value(METRICS.pct),
    startedAt: value(METRICS.startedAt),
    // A gateway that does not say is one process.
    workers: Math.max(1, value(METRICS.workers) ?? 1),
    clients: { legacy: clientsOf("legacy"), edgezero: clientsOf("edgezero") },
  };
}
