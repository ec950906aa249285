import type { Counted } from "../observation/counted.ts";
import type { StartReport } from "../process/start-report.ts";
import type { Heartbeat } from "./heartbeat.ts";
import type { Ending } from "./messages.ts";

/** How a worker has ended. */
export interface WorkerEnd {
  readonly code: number | null;
  readonly signal: string | null;
  /** Why it had no process; `null` where it had one. */
  readonly fault: string | null;
}

/** A worker, as its supervisor knows it. */
export interface WorkerProcess {
  readonly number: number;
  /** 0 where it had no process. */
  readonly pid: number;
  /** In milliseconds of `performance.now()`. */
  readonly startedAt: number;
  /** Resolves when it listens. Rejects when it ends before that. */
  readonly started: Promise<StartReport>;
  /** Resolves as soon as it has ended. */
  readonly exited: Promise<WorkerEnd>;
  /** Resolves when it has ended and everything that it told has been heard. */
  readonly silenced: Promise<void>;
  isReady(): boolean;
  /** What it last told that it had counted; `null` before that. */
  counted(): Counted | null;
  /** Asks what it has counted. Resolves when it has told, or is late. */
  count(): Promise<void>;
  tellAllReady(isReady: boolean): void;
  /** Asks it to end. */
  end(how: Ending): void;
  kill(): void;
  /** Whether it was asked to end, or `null`. */
  ending(): Ending | null;
  readonly heartbeat: Heartbeat;
}
