import { Agent, request } from "node:http";
import { setImmediate as immediate, setTimeout as wait } from "node:timers/promises";

/** How often requests are sent, in milliseconds. */
const TICK_MS = 10;

/** What became of the requests of a load. */
export interface LoadResult {
  readonly sent: number;
  readonly ok: number;
  /** What failed, with how often. */
  readonly failures: Readonly<Record<string, number>>;
}

/** A load that goes on. */
export interface SteadyLoad {
  /** Requests that had a whole answer of 200 so far. */
  ok(): number;
  /** Ends it, and resolves when each request was answered or has failed. */
  stop(): Promise<LoadResult>;
}

/** Sends requests at a rate, whether or not earlier ones are answered, on connections that are kept. */
export function startSteadyLoad(url: string, perSecond: number): SteadyLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const failures: Record<string, number> = {};
  const open = new Set<Promise<void>>();
  const startedAt = performance.now();
  let sent = 0;
  let ok = 0;

  async function send(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<string>();
    request(url, { agent }, (response) => {
      response.resume();
      response.on("end", () => resolve(String(response.statusCode)));
      response.on("close", () => resolve("broken off"));
    })
      .on("error", (error: Error & { code?: string }) => resolve(error.code ?? error.message))
      .end();
    const result = await promise;
    if (result === "200") ok++;
    else failures[result] = (failures[result] ?? 0) + 1;
  }

  function sendDue(): void {
    const due = Math.floor(((performance.now() - startedAt) * perSecond) / 1000);
    for (; sent < due; sent++) {
      const answered = send();
      open.add(answered);
      void answered.finally(() => open.delete(answered));
    }
  }

  // Timers come before what the connections have heard. After a pause, some may have been closed meanwhile.
  const timer = setInterval(() => setImmediate(sendDue), TICK_MS);

  return {
    ok: () => ok,
    async stop() {
      clearInterval(timer);
      // What is due already is sent first.
      await immediate();
      while (open.size > 0) await Promise.race([...open, wait(50)]);
      agent.destroy();
      return { sent, ok, failures };
    },
  };
}
