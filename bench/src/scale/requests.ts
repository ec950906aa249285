import { load } from "../load/load.ts";
import { usageOf } from "../load/usage.ts";
import { startNodeGateway } from "../servers/node-gateway.ts";

const CONNECTIONS = 32;
/** Many requests to a connection at once, so that ten million fit into minutes. */
const PIPELINED = 16;

/** What the gateway has used after so many requests. */
export interface RequestPoint {
  readonly requests: number;
  /** CPU time for one request since the point before, in microseconds. */
  readonly cpuMicroseconds: number;
  /** The resident set, in megabytes. */
  readonly megabytes: number;
}

/** Sends a Node gateway more and more requests, up to `most` or as many as fit into `seconds`. */
export async function scaleRequests(most: number, seconds: number): Promise<RequestPoint[]> {
  const server = await startNodeGateway();
  const points: RequestPoint[] = [];
  try {
    const until = performance.now() + 1000 * seconds;
    let requests = 0;
    let sinceLast = 0;
    let next = 1e4;
    let { cpuSeconds } = usageOf(server.pid);
    while (requests < most && performance.now() < until) {
      const { count } = await load({
        url: server.url,
        connections: CONNECTIONS,
        // The first points come before the second is over.
        seconds: requests < 1e5 ? 1 : 5,
        pipelined: PIPELINED,
      });
      requests += count;
      sinceLast += count;
      if (requests < Math.min(next, most)) continue;
      const usage = usageOf(server.pid);
      const cpuMicroseconds = (1e6 * (usage.cpuSeconds - cpuSeconds)) / sinceLast;
      points.push({ requests, cpuMicroseconds, megabytes: usage.megabytes });
      ({ cpuSeconds } = usage);
      sinceLast = 0;
      next = requests * 2;
    }
  } finally {
    await server.stop();
  }
  return points;
}
