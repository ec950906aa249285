import { messageOf } from "@edgezero/faults/faults";
import { Heartbeat } from "./heartbeat.ts";
import type { Ending } from "./messages.ts";
import type { WorkerProcess } from "./worker.ts";

/** The system has refused another process, so that the worker has said nothing itself. */
export class NoProcessError extends Error {
  override readonly name = "NoProcessError";

  // The system's error is not the cause: its code is no word on the gateway's own address.
  constructor(worker: number, fault: unknown) {
    super(`worker ${worker} has no process (${messageOf(fault)})`);
  }
}

/** A worker that has ended already, because the system gave it no process. */
export function notStarted(number: number, fault: unknown): WorkerProcess {
  const started: WorkerProcess["started"] = Promise.reject(new NoProcessError(number, fault));
  started.catch(() => {});
  let ending: Ending | null = null;
  return {
    number,
    pid: 0,
    startedAt: performance.now(),
    started,
    exited: Promise.resolve({ code: null, signal: null, fault: messageOf(fault) }),
    silenced: Promise.resolve(),
    isReady: () => false,
    counted: () => null,
    count: async () => {},
    tellAllReady: () => {},
    end: (how) => void (ending ??= how),
    kill: () => {},
    ending: () => ending,
    heartbeat: new Heartbeat(),
  };
}
