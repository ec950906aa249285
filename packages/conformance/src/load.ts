import { setTimeout as delay } from "node:timers/promises";

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

/** Sends requests at a steady rate, whether or not earlier ones were answered. */
export function startLoad(perSecond: number, request: () => Promise<string | undefined>): Load {
  const samples: Promise<Sample>[] = [];
  const over = new AbortController();

  async function sample(): Promise<Sample> {
    const startedAt = performance.now();
    const outcome = await request().then(String, String);
    return { startedAt, outcome, endedAt: performance.now() };
  }

  const startedAt = performance.now();
  const running = (async () => {
    while (!over.signal.aborted) {
      const due = ((performance.now() - startedAt) / 1000) * perSecond;
      while (samples.length < due) samples.push(sample());
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
