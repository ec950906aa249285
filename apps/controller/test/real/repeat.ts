import { setTimeout as wait } from "node:timers/promises";

/** Work that is done again and again. */
export interface Repeated {
  /** Resolves once no work is under way; rejects with the first fault of the work. */
  stop(): Promise<void>;
}

/** Works until it is stopped or fails, with a pause after each time. */
export function repeat(pauseMs: number, work: () => Promise<void>): Repeated {
  const stopped = new AbortController();
  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      await work();
      await wait(pauseMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
  }
  const running = run();
  // It is told by `stop`.
  running.catch(() => {});
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
