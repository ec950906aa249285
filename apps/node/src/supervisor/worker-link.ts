import type { Counted } from "../observation/counted.ts";
import type { StartReport } from "../process/start-report.ts";
import { BEAT_MS } from "./heartbeat.ts";
import type { Ending, FromWorker, ToWorker, WorkerPlace } from "./messages.ts";

/** How often counts are told unasked, in milliseconds: so much is lost of a worker that is killed. */
const COUNT_MS = 1000;
/** How often a change of readiness is looked for, in milliseconds. */
const READY_MS = 50;

/** The part of a gateway that its supervisor wants to know of. */
export interface LinkedGateway {
  readonly report: StartReport;
  isReady(): boolean;
  counted(): Promise<Counted | null>;
}

/** A worker's connection to its supervisor. */
export interface WorkerLink {
  readonly place: WorkerPlace;
  /** Whether all workers of the gateway are ready, as the supervisor last said. */
  areAllReady(): boolean;
  /** Resolves when the supervisor asks this worker to end. */
  readonly ending: Promise<Ending>;
  /** Tells of a gateway that listens, from now on. */
  serve(gateway: LinkedGateway): void;
  /** Tells the last counts. Resolves when they are on their way. */
  close(gateway: LinkedGateway): Promise<void>;
}

/** Asks the supervisor for this worker's place. When the supervisor ends, this process ends at once. */
export async function linkToSupervisor(): Promise<WorkerLink> {
  const place = Promise.withResolvers<WorkerPlace>();
  const ending = Promise.withResolvers<Ending>();
  let areAllReady = false;
  let count: ((number: number) => void) | undefined;

  process.on("message", (message: ToWorker) => {
    if (message.kind === "place") place.resolve(message.place);
    else if (message.kind === "all-ready") areAllReady = message.isReady;
    else if (message.kind === "count") count?.(message.number);
    else if (message.kind === "end") ending.resolve(message.how);
  });
  await tell({ kind: "hello" });
  return {
    place: await place.promise,
    areAllReady: () => areAllReady,
    ending: ending.promise,
    serve(gateway) {
      count = (number) => void tellCounts(gateway, number);
      let wasReady = false;
      const beat = (): void => {
        wasReady = gateway.isReady();
        void tell({ kind: "beat", isReady: wasReady });
      };
      beat();
      void tell({ kind: "started", report: gateway.report });
      setInterval(beat, BEAT_MS).unref();
      setInterval(() => {
        if (gateway.isReady() !== wasReady) beat();
      }, READY_MS).unref();
      setInterval(() => count?.(0), COUNT_MS).unref();
    },
    close: async (gateway) => tellCounts(gateway, 0),
  };
}

async function tellCounts(gateway: LinkedGateway, number: number): Promise<void> {
  await tell({ kind: "counted", number, counted: await gateway.counted() });
}

/** Never rejects: where the supervisor has ended, this process is about to end too. */
async function tell(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
