import { setTimeout as delay } from "node:timers/promises";
import { usageOf } from "../load/usage.ts";
import { startNodeGateway } from "../servers/node-gateway.ts";
import { startRedis } from "../servers/redis.ts";
import { median } from "../statistics.ts";
import { timeToLastOldDecision } from "./last-old-decision.ts";

/** What so many gateways on one Redis cost it, and how soon all of them follow a write. */
export interface GatewayPoint {
  readonly gateways: number;
  /** Commands a second that reach Redis while nothing changes, whatever the requests. */
  readonly commandsPerSecond: number;
  /** The resident set of one gateway, idle, and of Redis, in megabytes. */
  readonly gatewayMegabytes: number;
  readonly redisMegabytes: number;
  /** From a write to the last old decision of any gateway, in milliseconds: median and largest. */
  readonly lastOldMs: number;
  readonly lastOldMsAtMost: number;
}

/** Starts more and more gateways on one Redis. */
export async function scaleGateways(
  steps: readonly number[],
  writes: number,
  seconds: number,
): Promise<GatewayPoint[]> {
  const redis = await startRedis();
  const env = { EDGEZERO_CONFIG: redis.url };
  const servers: Awaited<ReturnType<typeof startNodeGateway>>[] = [];
  const points: GatewayPoint[] = [];
  try {
    for (const gateways of steps) {
      while (servers.length < gateways) servers.push(await startNodeGateway({ env }));
      const before = await commandsOf(redis);
      const startedAt = performance.now();
      await delay(1000 * seconds);
      // The reading itself is one more.
      const commands = (await commandsOf(redis)) - before - 1;
      const commandsPerSecond = (1000 * commands) / (performance.now() - startedAt);
      const urls = servers.map(({ url }) => url);
      const times: number[] = [];
      for (let i = 0; i < writes; i++) {
        times.push(await timeToLastOldDecision(urls, async (pct) => redis.setPercentage(pct)));
      }
      points.push({
        gateways,
        commandsPerSecond,
        gatewayMegabytes: median(servers.map(({ pid }) => usageOf(pid).megabytes)),
        redisMegabytes: usageOf(redis.pid).megabytes,
        lastOldMs: median(times),
        lastOldMsAtMost: Math.max(...times),
      });
    }
  } finally {
    await Promise.all(servers.map(async (server) => server.stop()));
    await redis.stop();
  }
  return points;
}

async function commandsOf(redis: Awaited<ReturnType<typeof startRedis>>): Promise<number> {
  const info = await redis.command("INFO stats");
  return Number(/total_commands_processed:(\d+)/.exec(info)?.[1]);
}
