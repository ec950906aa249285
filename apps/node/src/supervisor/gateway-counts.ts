import type { CountedClients } from "../observation/client-counts.ts";
import { pageText } from "../observation/counted.ts";
import type { Metric } from "../observation/exposition.ts";
import { lastingMetrics, mergeMetrics } from "../observation/merge-metrics.ts";
import type { WorkerProcess } from "./worker.ts";

/** Why a worker has ended: by itself, killed because it hung, or so that another took its place. */
export type EndReason = "crash" | "hang" | "restart";

/** A worker whose counts belong to a page. */
export interface PageWorker {
  readonly process: Pick<WorkerProcess, "number" | "counted">;
  /** Whether it serves. Of one that is being replaced only the counts are shown. */
  readonly isCurrent: boolean;
}

/** The counts of a gateway: those of its workers, and of all that it had before. */
export interface GatewayCounts {
  countEnd(reason: EndReason): void;
  /** Keeps what a worker had counted. To be called once, when it has ended and told all. */
  keep(process: PageWorker["process"]): void;
  /** Writes the page of metrics. `readyByNumber` tells which workers are ready, from 1 on. */
  page(workers: readonly PageWorker[], readyByNumber: readonly boolean[]): string;
}

/** Counts for a gateway whose workers come and go. No total of its pages ever falls. */
export function createGatewayCounts(): GatewayCounts {
  let kept: readonly Metric[] = [];
  const ends: Record<EndReason, number> = { crash: 0, hang: 0, restart: 0 };
  return {
    countEnd: (reason) => void ends[reason]++,
    keep(process) {
      const metrics = lastingMetrics(process.counted()?.metrics ?? []);
      kept = mergeMetrics([kept, metrics].map((each) => ({ worker: null, metrics: each })));
    },
    page(workers, readyByNumber) {
      const clients: CountedClients[] = [];
      const all = workers.map(({ process, isCurrent }) => {
        const counted = process.counted();
        if (counted !== null) clients.push(counted.clients);
        return { worker: isCurrent ? process.number : null, metrics: counted?.metrics ?? [] };
      });
      const merged = mergeMetrics([...all, { worker: null, metrics: kept }]);
      return pageText([...merged, ...workerMetrics(readyByNumber, ends)], clients);
    },
  };
}

function workerMetrics(
  readyByNumber: readonly boolean[],
  ends: Readonly<Record<EndReason, number>>,
): Metric[] {
  return [
    {
      name: "edgezero_worker_ready",
      type: "gauge",
      help: "1 while a worker is ready, by its number; only with several workers",
      samples: readyByNumber.map((isReady, index) => ({
        labels: { worker: String(index + 1) },
        value: isReady ? 1 : 0,
      })),
    },
    {
      name: "edgezero_worker_ends_total",
      type: "counter",
      help: "Workers that ended by themselves, were killed because they hung, or were replaced on request; only with several workers",
      samples: Object.entries(ends).map(([cause, value]) => ({ labels: { cause }, value })),
    },
  ];
}
