import { setTimeout as sleep } from "node:timers/promises";

/** The time, as tests hold it. */
export interface Clock {
  /** Milliseconds of the epoch, by the clock of this machine. It may be set back. */
  wall(): number;
  /** Milliseconds since some moment. Nobody sets it. */
  elapsed(): number;
  /** Resolves after so many milliseconds, or once `signal` aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  wall: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (ms, signal) => sleep(ms, undefined, { signal }).catch(() => {}),
};
