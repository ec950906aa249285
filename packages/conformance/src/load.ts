import { setTimeout as delay } from "node:timers/promises";

/**
 * The most requests that are open at once. A machine that is too busy for the rate sends fewer. Without
 * a limit they would pile up until every answer is late.
 */
const MOST_OPEN = 50;

/** One request of a load. */
export interface Sample {
  readonly startedAt: number;
  readonly endedAt: number;
  /** What the request resolved with, or the error that it rejected with. */
  readonly outcome: string;
}

/** Requests that are sent at a steady rate. */
export interface Load {
  /** Resolves once that many more were sent. */
  sent(count: number): Promise<void>;
  /** Sends no more, and resolves with all requests, in the order in which they were sent. */
  stop(): Promise<Sample[]>;
}

/** Sends requests at a steady rate, whether or not the last {@link MOST_OPEN} were answered. */
export function startLoad(perSecond: number, request: () => Promise<string | undefined>): Load {
  const samples: Promise<Sample>[] = [];
  const over = new AbortController();
  let open = 0;

  async function sample(): Promise<Sample> {
    const startedAt = performance.now();
    open++;
    const outcome = await request().then(String, String);
    open--;
    return { startedAt, outcome, endedAt: performance.now() };
  }

  const startedAt = performance.now();
  const running = (async () => {
    while (!over.signal.aborted) {
      const due = ((performance.now() - startedAt) / 1000) * perSecond;
      while (samples.length < due && open < MOST_OPEN) samples.push(sample());
      await delay(1000 / perSecond);
    }
  })();

  return {
    async sent(count) {
      const target = samples.length + count;
      while (samples.length < target) await delay(1000 / perSecond);
    },
    async stop() {
      over.abort();
      await running;
      return Promise.all(samples);
    },
  };
}
