// Requests per second, latency, CPU time and memory: the gateways with and without the rollout, and
// the Node gateway as a proxy beside nginx and HAProxy that do the same split.
import { findViceroy } from "@edgezero/fastly/viceroy";
import { FASTLY, NODE, WORKERD } from "./comparisons.ts";
import { LOADER } from "./load/load.ts";
import { missingTools, toolVersions } from "./load/tools.ts";
import { measureProxies } from "./proxies/measure.ts";
import type { HttpData } from "./report/http-table.ts";
import { gatewayTable, proxyTable } from "./report/http-table.ts";
import { writeResult } from "./report/results.ts";
import type { ThroughputData } from "./throughput.ts";
import { compareThroughput } from "./throughput.ts";

const SCALE = { instances: 5, warmUpSeconds: 8, rounds: 6, seconds: 1 };

const skipped: Record<string, string> = {};
const gateways: ThroughputData[] = [
  await compareThroughput(NODE, SCALE),
  await compareThroughput(WORKERD, SCALE),
];
const viceroy = findViceroy();
if ("missing" in viceroy) skipped[FASTLY.title] = viceroy.missing;
else gateways.push(await compareThroughput(FASTLY, { ...SCALE, instances: 3 }));

const missing = missingTools("nginx", "haproxy", "wrk");
if (missing !== null) skipped["proxies"] = missing;
const proxies = missing === null ? await measureProxies({ rounds: 10, seconds: 2 }) : [];

const data: HttpData = { loader: LOADER, gateways, proxies, skipped };
console.log(`${gatewayTable(data)}\n\n${proxyTable(data)}`);
for (const [what, why] of Object.entries(skipped)) console.log(`Skipped: ${what}. ${why}`);
writeResult("http", toolVersions("nginx", "haproxy", "wrk"), data);
