import type { Counted, GatewayProcess } from "../observation/counted.ts";
import type { StartReport } from "../process/start-report.ts";

/**
 * The environment variable that marks a worker of this gateway's supervisor. A process of another program's
 * cluster has none, and is the whole gateway.
 */
export const WORKER_MARK = "EDGEZERO_GATEWAY_WORKER";

/** The place of a worker in its gateway. */
export interface WorkerPlace {
  /** 1 to `workers`. One that replaces another has its number. */
  readonly worker: number;
  readonly workers: number;
  /** The supervisor, which all counts are shown under. */
  readonly process: GatewayProcess;
  /** The salts of clients come from it. */
  readonly seed: Uint8Array;
}

/** What the supervisor tells a worker. */
export type ToWorker =
  | { readonly kind: "place"; readonly place: WorkerPlace }
  /** Asks for everything that was counted. Its answer has the same number. */
  | { readonly kind: "count"; readonly number: number }
  /** Whether all workers of the gateway are ready. */
  | { readonly kind: "all-ready"; readonly isReady: boolean }
  | { readonly kind: "end"; readonly how: Ending };

/**
 * How a worker ends: with the gateway, or because another takes its place. Then nobody is told to go
 * elsewhere, and idle connections get time for a request that is on its way.
 */
export type Ending = "stop" | "restart";

/** What a worker tells its supervisor. */
export type FromWorker =
  | { readonly kind: "hello" }
  | { readonly kind: "started"; readonly report: StartReport }
  | { readonly kind: "beat"; readonly isReady: boolean }
  /** `number` is 0 where nobody has asked: so little is lost when it is killed. */
  | { readonly kind: "counted"; readonly number: number; readonly counted: Counted | null };
