import { once } from "node:events";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Visits } from "./run.ts";

/**
 * Runs so many random histories on all cores: those of the seeds from `first` on.
 *
 * @throws Error with the seed and the events, where a promise is broken.
 */
export async function runHistories(count: number, first = 0): Promise<Visits> {
  const workers = Math.min(availableParallelism(), count);
  const ends = Array.from(
    { length: workers + 1 },
    (_, i) => first + Math.floor((i * count) / workers),
  );
  const parts = await Promise.all(
    ends.slice(1).map(async (to, i) => runPart(ends[i] ?? first, to)),
  );
  const visits: Visits = new Map();
  for (const part of parts) {
    for (const [name, times] of part) visits.set(name, (visits.get(name) ?? 0) + times);
  }
  return visits;
}

async function runPart(from: number, to: number): Promise<Visits> {
  const worker = new Worker(new URL("worker.ts", import.meta.url), { workerData: { from, to } });
  try {
    // An error of the thread rejects.
    const [visits] = (await once(worker, "message")) as [Visits];
    return visits;
  } finally {
    await worker.terminate();
  }
}
