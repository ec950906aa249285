// Requests per second of the Node gateway, against the same handlers without the rollout.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "./server-process.ts";
import { compareThroughput } from "./throughput.ts";

const config = join(mkdtempSync(join(tmpdir(), "edgezero-bench-")), "rollout.json");
writeFileSync(config, JSON.stringify({ edgezero_enabled: "true", edgezero_rollout_pct: "10" }));

const main = fileURLToPath(import.meta.resolve("@edgezero/node/main"));
const baseline = fileURLToPath(import.meta.resolve("./node-baseline.ts"));
await compareThroughput({
  title: "Node",
  startGateway: async () => startServer(main, { PORT: "0", EDGEZERO_CONFIG: config }),
  startBaseline: async () => startServer(baseline, {}),
  instances: 3,
});
