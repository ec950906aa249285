import { load } from "../load/load.ts";
import { usageOf } from "../load/usage.ts";
import { startNodeGateway } from "../servers/node-gateway.ts";

/** What so many connections at once cost the gateway. */
export interface ConnectionPoint {
  readonly connections: number;
  readonly requestsPerSecond: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU time for one request, in microseconds. */
  readonly cpuMicroseconds: number;
  /** The resident set, in megabytes. */
  readonly megabytes: number;
}

/** Loads a Node gateway over more and more connections. */
export async function scaleConnections(
  steps: readonly number[],
  seconds: number,
): Promise<ConnectionPoint[]> {
  const server = await startNodeGateway();
  const points: ConnectionPoint[] = [];
  try {
    await load({ url: server.url, connections: 32, seconds });
    for (const connections of steps) {
      const before = usageOf(server.pid).cpuSeconds;
      const { count, ...speed } = await load({ url: server.url, connections, seconds });
      const { cpuSeconds, megabytes } = usageOf(server.pid);
      const cpuMicroseconds = (1e6 * (cpuSeconds - before)) / count;
      points.push({ connections, ...speed, cpuMicroseconds, megabytes });
    }
  } finally {
    await server.stop();
  }
  return points;
}
