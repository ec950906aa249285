import { readFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { buffer } from "node:stream/consumers";
import { setTimeout as wait } from "node:timers/promises";

/** An ordinary client: one request after the other, until it is told to stop. */
export type OtherOrder =
  | {
      readonly kind: "start";
      readonly url: string;
      readonly address: string;
      /** The path that a gateway must name in each answer; `null` for answers of an origin itself. */
      readonly path: "edgezero" | null;
      /** The processes that take part in an answer, besides this one. */
      readonly pids: readonly number[];
    }
  | { readonly kind: "stop" };

/** What it saw. Times are in milliseconds. */
export interface Seen {
  readonly answers: number;
  /** 0 stands for an answer of another path. */
  readonly statuses: readonly number[];
  /** The longest wait for an answer. */
  readonly worst: number;
  /**
   * The longest wait, without the time in which a process that takes part was ready to run and the
   * machine ran others. The times of all of them are added, since an answer waits for one after the other.
   */
  readonly worstServed: number;
}

const agent = new Agent({ keepAlive: true });
const statuses = new Set<number>();
let worst = 0;
let worstServed = 0;
let answers = 0;
const over = new AbortController();

process.on("message", (order: OtherOrder) => {
  if (order.kind === "stop") over.abort();
  else void run(order);
  // The first answer tells that it runs.
  if (order.kind === "start") process.send?.({});
});

async function run(order: OtherOrder & { readonly kind: "start" }): Promise<void> {
  const pids = [process.pid, ...order.pids];
  while (!over.signal.aborted) {
    const before = pids.map(deniedMs);
    const startedAt = performance.now();
    statuses.add(await once(order));
    const waited = performance.now() - startedAt;
    const denied = pids.reduce((sum, pid, i) => sum + deniedMs(pid) - (before[i] ?? 0), 0);
    worst = Math.max(worst, waited);
    worstServed = Math.max(worstServed, waited - denied);
    answers++;
    await wait(20);
  }
  agent.destroy();
  const seen: Seen = { answers, statuses: [...statuses], worst, worstServed };
  process.send?.(seen);
}

/** How long the main thread of a process was ready to run, and did not, since its start. */
function deniedMs(pid: number): number {
  const [, denied] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, "utf8").split(" ");
  return Number(denied) / 1e6;
}

function once({ url, address, path }: OtherOrder & { readonly kind: "start" }): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, localAddress: address }, (response) => {
      const isExpected = (response.headers["x-edgezero-path"] ?? null) === path;
      buffer(response).then(() => resolve(isExpected ? (response.statusCode ?? 0) : 0), reject);
    });
    request.on("error", reject);
  });
}
