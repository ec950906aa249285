// Requests per second of the Node gateway with events and metrics, against the same without.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startServer } from "./server-process.ts";
import { compareThroughput } from "./throughput.ts";

const config = join(mkdtempSync(join(tmpdir(), "edgezero-bench-")), "rollout.json");
writeFileSync(config, JSON.stringify({ edgezero_enabled: "true", edgezero_rollout_pct: "10" }));

const main = fileURLToPath(import.meta.resolve("@edgezero/node/main"));
const env = { PORT: "0", EDGEZERO_CONFIG: config };
await compareThroughput({
  title: "Node",
  difference: "events and metrics",
  startGateway: async () =>
    startServer(main, { ...env, METRICS_PORT: "0", EVENT_SAMPLE_RATE: "0.01" }),
  startBaseline: async () => startServer(main, { ...env, METRICS_PORT: "off" }),
  instances: 3,
});
