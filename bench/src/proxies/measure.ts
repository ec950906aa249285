import { fileURLToPath } from "node:url";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { MEASURED_CORE, OTHER_CORE } from "../load/pinned.ts";
import { missingTools } from "../load/tools.ts";
import { startNodeGateway } from "../servers/node-gateway.ts";
import type { Server } from "../servers/server-process.ts";
import { startServer } from "../servers/server-process.ts";
import { medianRatio } from "../statistics.ts";
import type { Round, ServerRow } from "../throughput.ts";
import { measureRound, toRow } from "../throughput.ts";
import { startEnvoy } from "./envoy.ts";
import { startHaproxy } from "./haproxy.ts";
import { startNginx } from "./nginx.ts";
import { startNginxRollout } from "./nginx-gateway.ts";
import { startUpstream } from "./upstream.ts";

/** How much is measured. */
export interface ProxyScale {
  readonly rounds: number;
  readonly seconds: number;
}

/** One proxy in front of the two origins. */
export interface ProxyRow extends ServerRow {
  /** Requests per second by those of nginx: the median of the ratios within a round. */
  readonly timesNginx: number;
  /** The CPU time of nginx for a request by that of this proxy, of each round. */
  readonly cpuRatios: readonly number[];
  /** The share that went to the new path, in per cent of 2,000 clients; none where nothing splits. */
  readonly share: number | null;
}

export const NGINX = "nginx, split_clients";
export const GATEWAY = "Node gateway";
export const NGINX_ROLLOUT = "nginx gateway";
export const BARE_PROXY = "Node, no split: node:http and undici";

/**
 * Loads proxies that do the same split in front of the same origins, in turn, every second round from the
 * last to the first. Each keeps to one core with one worker; origins and load share the other.
 */
export async function measureProxies({ rounds, seconds }: ProxyScale): Promise<ProxyRow[]> {
  const upstream = await startUpstream(OTHER_CORE);
  const servers = new Map<string, Server>();
  try {
    servers.set(NGINX, await startNginx(upstream, MEASURED_CORE));
    if (nginxMissing === undefined) {
      servers.set(NGINX_ROLLOUT, await startNginxRollout(upstream, MEASURED_CORE));
    }
    servers.set("HAProxy", await startHaproxy(upstream, MEASURED_CORE));
    if (missingTools("envoy") === null) {
      servers.set("Envoy", await startEnvoy(upstream, MEASURED_CORE));
    }
    servers.set(GATEWAY, await startGateway(upstream.legacy, upstream.edgezero));
    servers.set(BARE_PROXY, await startBareProxy(upstream.legacy));
    const shares = new Map<string, number | null>();
    for (const [name, { url }] of servers)
      shares.set(name, name === BARE_PROXY ? null : await shareOf(url));

    const options = { manyClients: true, core: OTHER_CORE };
    const measured = new Map([...servers.keys()].map((name) => [name, [] as Round[]]));
    // The first round warms up.
    for (let round = -1; round < rounds; round++) {
      for (const [name, server] of round % 2 === 0 ? servers : [...servers].toReversed()) {
        const one = await measureRound(server, seconds, options);
        if (round >= 0) measured.get(name)?.push(one);
      }
    }
    const ofNginx = measured.get(NGINX) ?? [];
    return [...measured].map(([name, sample]) =>
      Object.assign(toRow(name, sample), {
        timesNginx: medianRatio(sample.map(speedOf), ofNginx.map(speedOf)),
        cpuRatios: sample.map((round, i) => cpuOf(ofNginx[i]) / cpuOf(round)),
        share: shares.get(name) ?? null,
      }),
    );
  } finally {
    for (const server of servers.values()) await server.stop();
    await upstream.stop();
  }
}

function speedOf({ requestsPerSecond }: Round): number {
  return requestsPerSecond;
}

function cpuOf(round: Round | undefined): number {
  return round?.cpuMicroseconds ?? Number.NaN;
}

/** The gateway in front of origins, on the core of what is measured. */
export async function startGateway(
  legacy: string,
  edgezero: string,
  nodeArgs: readonly string[] = [],
): Promise<Server> {
  return startNodeGateway({
    env: { LEGACY_ORIGIN: legacy, EDGEZERO_ORIGIN: edgezero, TRUST_PROXY: "loopback" },
    nodeArgs,
    core: MEASURED_CORE,
  });
}

async function startBareProxy(origin: string): Promise<Server> {
  const file = fileURLToPath(new URL("./bare-node.ts", import.meta.url));
  return startServer(file, { env: { ORIGIN: origin }, core: MEASURED_CORE });
}

async function shareOf(url: string): Promise<number> {
  const clients = 2000;
  let chosen = 0;
  for (let i = 0; i < clients; i++) {
    const headers = { "x-forwarded-for": `203.0.${i >>> 8}.${i & 255}` };
    const response = await fetch(url, { headers });
    const path = (await response.text()).replace(/\.*\n$/, "");
    if (response.headers.get("x-edgezero-path") !== path)
      throw new Error(`${url} says another path`);
    if (path === "edgezero") chosen++;
  }
  return (100 * chosen) / clients;
}
