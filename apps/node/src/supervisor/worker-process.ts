import type { Worker } from "node:cluster";
import cluster from "node:cluster";
import { messageOf } from "@edgezero/faults/faults";
import { withDeadline } from "@edgezero/faults/deadline";
import type { Counted } from "../observation/counted.ts";
import type { StandardOutput } from "../process/standard-output.ts";
import type { StartReport } from "../process/start-report.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Ending, FromWorker, ToWorker, WorkerPlace } from "./messages.ts";
import { NoProcessError, notStarted } from "./not-started.ts";
import { relayLines } from "./relay-lines.ts";
import type { WorkerEnd, WorkerProcess } from "./worker.ts";

/** How long a page of metrics waits for a worker; then what it told before counts. */
const COUNT_MS = 1000;

/** A worker has ended before it listened. It has said why on standard error, unless it was killed. */
export class WorkerStartError extends Error {
  override readonly name = "WorkerStartError";

  constructor(worker: number) {
    super(`worker ${worker} ended before it listened`);
  }
}

/** Settings of {@link startWorker}. */
export interface WorkerOptions {
  readonly place: WorkerPlace;
  /** The environment of the process, beside that of this one. */
  readonly env: Readonly<Record<string, string>>;
  readonly output: Pick<StandardOutput, "relay">;
  /** Called when the worker has become ready, or is no longer. */
  readonly onChange: () => void;
}

/**
 * Starts a worker: another process that runs the same program. Never throws: where the system gives it no
 * process, it is a worker that has ended.
 */
export function startWorker(options: WorkerOptions): WorkerProcess {
  let worker: Worker;
  try {
    worker = cluster.fork(options.env);
  } catch (fault) {
    return notStarted(options.place.worker, fault);
  }
  return workerProcess(worker, options);
}

function workerProcess(
  worker: Worker,
  { place, output, onChange }: Omit<WorkerOptions, "env">,
): WorkerProcess {
  const { process: child } = worker;
  const heartbeat = new Heartbeat();
  const started = Promise.withResolvers<StartReport>();
  const exited = Promise.withResolvers<WorkerEnd>();
  const silenced = Promise.withResolvers<void>();
  let isReady = false;
  let ending: Ending | null = null;
  let counted: Counted | null = null;
  let asked = 0;
  const waiting = new Map<number, () => void>();

  function tell(message: ToWorker): void {
    // One that has just ended hears nothing.
    if (worker.isConnected()) worker.send(message, undefined, () => {});
  }

  worker.on("message", (message: FromWorker) => {
    if (message.kind === "hello") {
      tell({ kind: "place", place });
      // It heard nothing before: where other modules load first, that may have taken a while.
      if (ending !== null) tell({ kind: "end", how: ending });
    } else if (message.kind === "started") {
      started.resolve(message.report);
    } else if (message.kind === "counted") {
      counted = message.counted;
      waiting.get(message.number)?.();
    } else {
      heartbeat.beat();
      if (isReady === message.isReady) return;
      isReady = message.isReady;
      onChange();
    }
  });
  worker.on("error", (fault: unknown) => {
    // Others are of messages to one that has just ended. Where there is no process, nothing else follows.
    if (child.pid !== undefined) return;
    // Its channel is open, and would keep its file.
    if (child.connected) child.disconnect();
    exited.resolve({ code: null, signal: null, fault: messageOf(fault) });
    started.reject(new NoProcessError(place.worker, fault));
    silenced.resolve();
  });
  let open = 2;
  const close = (): void => {
    if (--open === 0) silenced.resolve();
  };
  // After the end there may be messages that are not read yet.
  worker.once("disconnect", close);
  worker.once("exit", (code: number | null, signal: string | null) => {
    isReady = false;
    exited.resolve({ code, signal, fault: null });
    started.reject(new WorkerStartError(place.worker));
    for (const answer of waiting.values()) answer();
    close();
  });
  started.promise.catch(() => {});
  if (child.stdout) relayLines(child.stdout, output);

  return {
    number: place.worker,
    pid: child.pid ?? 0,
    startedAt: performance.now(),
    started: started.promise,
    exited: exited.promise,
    silenced: silenced.promise,
    isReady: () => isReady,
    counted: () => counted,
    async count() {
      if (!worker.isConnected()) return;
      const number = ++asked;
      const { promise, resolve } = Promise.withResolvers<void>();
      waiting.set(number, resolve);
      tell({ kind: "count", number });
      await withDeadline(COUNT_MS, async () => promise).catch(() => {});
      waiting.delete(number);
    },
    tellAllReady: (all) => tell({ kind: "all-ready", isReady: all }),
    end(how) {
      ending ??= how;
      tell({ kind: "end", how });
    },
    kill() {
      // Without a process, a signal could reach this one.
      if (child.pid !== undefined) child.kill("SIGKILL");
    },
    ending: () => ending,
    heartbeat,
  };
}
