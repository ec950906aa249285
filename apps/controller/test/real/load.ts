import { Agent, request } from "node:http";

const ADDRESSES = 10_000;
const TICK_MS = 20;
/** Requests under way, from which on no more are sent: more would only wait for each other. */
const MOST_OPEN = 200;

/** Requests of many clients, and what became of them. */
export interface Load {
  /** Answers so far, by their status; 0: no answer. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Whether nobody asks anything for now. */
  isQuiet: boolean;
  stop(): Promise<void>;
}

/**
 * Sends GET requests at a steady rate, each over a connection of its own, from 10,000 addresses of loopback.
 *
 * @param clientHeader Names the address to a gateway that does not take it from the socket. Then the
 *   connections are kept, as those of a platform's front are.
 */
export function startLoad(
  url: string,
  perSecond: number,
  clientHeader: string | null = null,
): Load {
  const { hostname, port } = new URL(url);
  const statuses = new Map<number, number>();
  const open = new Set<Promise<void>>();
  const begun = performance.now();
  let sent = 0;
  const front = clientHeader === null ? null : new Agent({ keepAlive: true });

  async function send(client: number): Promise<void> {
    const localAddress = `127.1.${client >> 8}.${client & 255}`;
    const from =
      front === null
        ? { localAddress, agent: false }
        : { agent: front, headers: { [clientHeader ?? ""]: localAddress } };
    const status = await new Promise<number>((resolve) => {
      request({ hostname, port, ...from }, (response) => {
        response.resume().once("close", () => resolve(response.statusCode ?? 0));
      })
        .once("error", () => resolve(0))
        .end();
    });
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  }

  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / 1000) * perSecond);
    for (; sent < due; sent += 1) {
      if (load.isQuiet || open.size >= MOST_OPEN) continue;
      // A prime step: neighbours in time are no neighbours in address.
      const work = send((sent * 7919) % ADDRESSES);
      open.add(work);
      void work.finally(() => open.delete(work));
    }
  }, TICK_MS);

  const load: Load = {
    statuses,
    isQuiet: false,
    async stop() {
      clearInterval(timer);
      await Promise.all(open);
      front?.destroy();
    },
  };
  return load;
}
