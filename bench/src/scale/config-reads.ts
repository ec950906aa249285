import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { load } from "../load/load.ts";
import { configFile, startNodeGateway } from "../servers/node-gateway.ts";
import { startRedis } from "../servers/redis.ts";
import { startFastly } from "../servers/viceroy.ts";
import { startWorkerGateway } from "../servers/workerd.ts";

/** How often a platform's config store was read while it was under load. */
export interface ConfigReads {
  readonly platform: string;
  readonly requests: number;
  readonly reads: number;
  readonly seconds: number;
  /** Whether reads come with time, so that busier gateways read less for each request. */
  readonly byTime: boolean;
}

const CONNECTIONS = 32;

/** The file of a Node gateway. */
export async function readsOfFile(seconds: number): Promise<ConfigReads> {
  const countFile = join(mkdtempSync(join(tmpdir(), "edgezero-reads-")), "reads");
  const preload = fileURLToPath(new URL("./count-file-reads.ts", import.meta.url));
  const server = await startNodeGateway({
    env: { EDGEZERO_CONFIG: configFile(10), COUNT_FILE: countFile },
    nodeArgs: ["--import", preload],
  });
  const { count } = await load({ url: server.url, connections: CONNECTIONS, seconds });
  await server.stop();
  const reads = Number(readFileSync(countFile, "utf8"));
  return { platform: "Node, file", requests: count, reads, seconds, byTime: true };
}

/** The Redis of a Node gateway. */
export async function readsOfRedis(seconds: number): Promise<ConfigReads> {
  const redis = await startRedis();
  const server = await startNodeGateway({ env: { EDGEZERO_CONFIG: redis.url } });
  await redis.command("CONFIG RESETSTAT");
  const { count } = await load({ url: server.url, connections: CONNECTIONS, seconds });
  const info = await redis.command("INFO commandstats");
  await server.stop();
  await redis.stop();
  const reads = [...info.matchAll(/cmdstat_h(?:mget|getall|get):calls=(\d+)/g)];
  const total = reads.reduce((sum, [, calls]) => sum + Number(calls), 0);
  return { platform: "Node, Redis", requests: count, reads: total, seconds, byTime: true };
}

/** The KV namespace of a Worker: reads of one isolate. */
export async function readsOfKv(seconds: number): Promise<ConfigReads> {
  const server = await startWorkerGateway();
  const { count } = await load({ url: server.url, connections: CONNECTIONS, seconds });
  const reads = Number(await (await fetch(`${server.kvUrl}/reads`)).text());
  await server.stop();
  return { platform: "Cloudflare, KV", requests: count, reads, seconds, byTime: true };
}

/** How often one isolate has read KV for requests that came one after the other. */
export interface IsolateReads {
  readonly requests: number;
  /** Of both keys. */
  readonly reads: number;
  /** The most reads there may be: one of each key for each age at which values are old. */
  readonly most: number;
}

/**
 * Counts the reads of KV by requests that do not overlap, over three ages of `maxAgeMs` milliseconds. A
 * Worker's requests cannot share a read that is under way, so that those which overlap read themselves.
 */
export async function readsOfIsolate(maxAgeMs: number): Promise<IsolateReads> {
  const server = await startWorkerGateway({ CONFIG_MAX_AGE_MS: String(maxAgeMs) });
  try {
    const startedAt = performance.now();
    const passed = (): number => performance.now() - startedAt;
    let requests = 0;
    for (; passed() < 3 * maxAgeMs; requests++) await (await fetch(server.url)).text();
    const most = 2 * (1 + Math.floor(passed() / maxAgeMs));
    const reads = Number(await (await fetch(`${server.kvUrl}/reads`)).text());
    return { requests, reads, most };
  } finally {
    await server.stop();
  }
}

/** The Config Store of the Fastly service, which is read in the machine itself. */
export async function readsOfFastly(requests: number): Promise<ConfigReads> {
  const server = await startFastly("reads");
  const startedAt = performance.now();
  let reads = 0;
  for (let i = 0; i < requests; i++) {
    const response = await fetch(server.url);
    await response.text();
    reads += Number(response.headers.get("x-config-reads"));
  }
  const seconds = (performance.now() - startedAt) / 1000;
  await server.stop();
  return { platform: "Fastly, Config Store", requests, reads, seconds, byTime: false };
}
