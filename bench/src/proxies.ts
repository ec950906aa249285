// Proxies that do the same split in front of the same two origins, loaded in turn.
import { missingTools, toolVersions } from "./load/tools.ts";
import { measureProxies } from "./proxies/measure.ts";
import { proxyTable } from "./report/proxy-table.ts";
import { writeResult } from "./report/results.ts";

const missing = missingTools("nginx", "haproxy", "wrk");
if (missing === null) {
  const data = await measureProxies({ rounds: 16, seconds: 2 });
  console.log(proxyTable(data));
  const noEnvoy = missingTools("envoy");
  if (noEnvoy !== null) console.log(`Skipped: Envoy. ${noEnvoy}`);
  writeResult("proxies", toolVersions("nginx", "haproxy", "envoy", "wrk"), data);
} else {
  console.log(`Skipped: ${missing}`);
}
