import { renameSync, writeFileSync } from "node:fs";
import { configFile, configText, startNodeGateway } from "../servers/node-gateway.ts";
import { startRedis } from "../servers/redis.ts";
import { startWritableFastly } from "../servers/viceroy.ts";
import { startWorkerGateway } from "../servers/workerd.ts";
import { median } from "../statistics.ts";
import { timeToLastOldDecision } from "./last-old-decision.ts";

/** How soon one gateway of a platform follows a write, in milliseconds: median and largest. */
export interface FollowTime {
  readonly platform: string;
  readonly writes: number;
  readonly lastOldMs: number;
  readonly lastOldMsAtMost: number;
}

/** A config file that is replaced, as an editor or a deployment does it. */
export async function followFile(writes: number): Promise<FollowTime> {
  const file = configFile(0);
  const server = await startNodeGateway({ env: { EDGEZERO_CONFIG: file } });
  const write = (percentage: number): void => {
    writeFileSync(`${file}.new`, configText(percentage));
    renameSync(`${file}.new`, file);
  };
  return measure("Node, file", server, write, writes);
}

/** A hash in Redis on the same machine. */
export async function followRedis(writes: number): Promise<FollowTime> {
  const redis = await startRedis();
  const server = await startNodeGateway({ env: { EDGEZERO_CONFIG: redis.url } });
  const write = async (percentage: number): Promise<void> => redis.setPercentage(percentage);
  return measure("Node, Redis", server, write, writes).finally(async () => redis.stop());
}

/** A KV namespace without delays of its own: Cloudflare's takes up to a minute more. */
export async function followKv(writes: number): Promise<FollowTime> {
  const server = await startWorkerGateway();
  const write = async (percentage: number): Promise<void> => {
    const body = String(percentage);
    await fetch(`${server.kvUrl}/edgezero_rollout_pct`, { method: "PUT", body });
  };
  return measure("Cloudflare, KV", server, write, writes);
}

/** A file in Viceroy, which has no delays of its own: Fastly's stores take seconds more. */
export async function followFastly(writes: number): Promise<FollowTime> {
  const server = await startWritableFastly();
  return measure("Fastly, Config Store", server, (pct) => server.setPercentage(pct), writes);
}

async function measure(
  platform: string,
  server: { readonly url: string; stop(): void | Promise<void> },
  write: (percentage: number) => void | Promise<void>,
  writes: number,
): Promise<FollowTime> {
  const times: number[] = [];
  try {
    for (let i = 0; i < writes; i++) times.push(await timeToLastOldDecision([server.url], write));
  } finally {
    await server.stop();
  }
  return { platform, writes, lastOldMs: median(times), lastOldMsAtMost: Math.max(...times) };
}
