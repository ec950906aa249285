// Measures the time to zero on Redis with four gateway processes: from the start of `HSET … 0` until
// no gateway answers with EdgeZero any more, each asked again and again over fresh connections.
// node test/time-to-zero-redis.ts [flips]
import { request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { createClient } from "@redis/client";
import type { Gateway } from "./gateway-fleet.ts";
import { startGateway } from "./gateway-fleet.ts";

const FLIPS = Number(process.argv[2] ?? 100);
const GATEWAYS = 4;
const PROBES_EACH = 2;
const KEY = "trusted_server_config";
const PCT = "edgezero_rollout_pct";

/** The path that one request takes, over a connection of its own. */
async function pathOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent: false }, (response) => {
      response.resume();
      response.on("end", () => resolve(String(response.headers["x-edgezero-path"])));
    });
    sent.on("error", reject);
    sent.end();
  });
}

/** Resolves with the time at which the last answer of EdgeZero came, once all that is sent later is legacy. */
async function lastEdgezero({ url }: Gateway, isWritten: () => boolean): Promise<number> {
  let last = performance.now();
  for (let inRow = 0; inRow < 5;) {
    const wasWritten = isWritten();
    const path = await pathOf(url);
    if (path === "edgezero") last = performance.now();
    inRow = path === "legacy" && wasWritten ? inRow + 1 : 0;
  }
  return last;
}

const redis = await startRedis();
await redis.write({ edgezero_enabled: "true", [PCT]: "100" });
const gateways: Gateway[] = [];
for (let i = 0; i < GATEWAYS; i++) {
  gateways.push(await startGateway(redis.url, { METRICS_PORT: "0" }));
}
const operator = await createClient({ url: redis.url }).connect();
const times: number[] = [];
const roundTrips: number[] = [];
for (let flip = 0; flip < FLIPS; flip++) {
  await operator.hSet(KEY, PCT, "100");
  for (const { url } of gateways) while ((await pathOf(url)) !== "edgezero");
  // At any point of the gateways' polls.
  await delay(Math.random() * 50);
  let isWritten = false;
  const probes = gateways.flatMap((gateway) =>
    Array.from({ length: PROBES_EACH }, async () => lastEdgezero(gateway, () => isWritten)),
  );
  await delay(20);
  const startedAt = performance.now();
  await operator.hSet(KEY, PCT, "0");
  isWritten = true;
  roundTrips.push(performance.now() - startedAt);
  times.push(Math.max(0, Math.max(...(await Promise.all(probes))) - startedAt));
}
operator.destroy();
for (const gateway of gateways) await gateway.stop();
await redis.close();

console.log(`time to zero, Redis, ${GATEWAYS} gateways, ${FLIPS} flips, in ms:`);
console.log(`  last answer of EdgeZero, from the start of the write: ${summary(times)}`);
console.log(`  the write alone: ${summary(roundTrips)}`);

function summary(all: readonly number[]): string {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN).toFixed(1);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`;
}
