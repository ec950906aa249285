// Requests per second, latency, CPU time and memory of the gateways, beside the same without the rollout.
import { findViceroy } from "@edgezero/fastly/viceroy";
import {
  FASTLY,
  FASTLY_WARMED,
  NODE,
  WORKERD,
  WORKERD_LEAST,
  WORKERD_PROXY,
} from "./comparisons.ts";
import { LOADER } from "./load/load.ts";
import { missingTools, toolVersions } from "./load/tools.ts";
import type { HttpData } from "./report/http-table.ts";
import { gatewayTable } from "./report/http-table.ts";
import { writeResult } from "./report/results.ts";
import type { Comparison, ThroughputData, ThroughputScale } from "./throughput.ts";
import { compareThroughput, printThroughput } from "./throughput.ts";

const SCALE = { instances: 4, warmUpSeconds: 6, rounds: 6, seconds: 1 };
/** Viceroy compiles the program at each start, which takes some seconds. */
const FASTLY_SCALE = { ...SCALE, instances: 3 };

const skipped: Record<string, string> = {};
const gateways: ThroughputData[] = [];

async function compare(comparison: Comparison, scale: ThroughputScale): Promise<void> {
  const found = await compareThroughput(comparison, scale);
  printThroughput(found);
  gateways.push(found);
}

await compare(NODE, SCALE);

const noOrigins = missingTools("nginx");
for (const proxied of [WORKERD_PROXY, WORKERD_LEAST]) {
  if (noOrigins !== null) skipped[proxied.title] = noOrigins;
  else await compare(proxied, SCALE);
}
await compare(WORKERD, SCALE);

const viceroy = findViceroy();
for (const fastly of [FASTLY, FASTLY_WARMED]) {
  if ("missing" in viceroy) skipped[fastly.title] = viceroy.missing;
  else await compare(fastly, FASTLY_SCALE);
}

const data: HttpData = { loader: LOADER, gateways, skipped };
console.log(gatewayTable(data));
for (const [what, why] of Object.entries(skipped)) console.log(`Skipped: ${what}. ${why}`);
writeResult("http", toolVersions("nginx", "wrk"), data);
