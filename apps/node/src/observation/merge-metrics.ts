import type { Metric, Sample } from "./exposition.ts";

/** The metrics of one worker. */
export interface WorkerMetrics {
  /** The worker's number, for values that are shown by worker; `null` where those are left out. */
  readonly worker: number | null;
  readonly metrics: readonly Metric[];
}

/** A metric whose samples are being summed. */
interface Sums {
  readonly metric: Metric;
  readonly samples: Map<string, Sample>;
}

/**
 * Makes the metrics of one gateway of those of its workers. Pure.
 *
 * Counters and histograms are summed, sample by sample, and so are gauges unless their `across` says
 * otherwise.
 */
export function mergeMetrics(workers: readonly WorkerMetrics[]): Metric[] {
  const sums = new Map<string, Sums>();
  for (const { worker, metrics } of workers) {
    for (const metric of metrics) {
      let known = sums.get(metric.name);
      if (known === undefined) sums.set(metric.name, (known = { metric, samples: new Map() }));
      for (const sample of samplesOf(metric, worker)) {
        const key = keyOf(sample);
        const before = metric.across === "same" ? 0 : (known.samples.get(key)?.value ?? 0);
        known.samples.set(key, { ...sample, value: before + sample.value });
      }
    }
  }
  return [...sums.values()].flatMap(({ metric, samples }) => {
    const isAbsent = metric.across === "worker" && samples.size === 0;
    return isAbsent ? [] : [withSamples(metric, [...samples.values()])];
  });
}

/** What stays of a worker that has ended: what it has counted, and nothing that it was. Pure. */
export function lastingMetrics(metrics: readonly Metric[]): Metric[] {
  return metrics.filter(({ type, across }) => type !== "gauge" || across === "same");
}

function withSamples(metric: Metric, samples: readonly Sample[]): Metric {
  return { ...metric, samples };
}

function samplesOf({ across, samples }: Metric, worker: number | null): readonly Sample[] {
  if (across !== "worker") return samples;
  if (worker === null) return [];
  return samples.map((sample) => ({
    ...sample,
    labels: { ...sample.labels, worker: String(worker) },
  }));
}

function keyOf({ suffix, labels = {} }: Sample): string {
  return JSON.stringify([suffix ?? "", ...Object.entries(labels).flat()]);
}
