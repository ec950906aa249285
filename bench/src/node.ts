// Requests per second of the Node gateway with its built-in handlers, against the same handlers
// without the rollout. Both servers run all the time and are loaded in turn.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import autocannon from "autocannon";
import { startServer } from "./server-process.ts";
import { median, medianRatio } from "./statistics.ts";

const ROUNDS = 10;
const SECONDS = 3;
const CONNECTIONS = 32;

const folder = mkdtempSync(join(tmpdir(), "edgezero-bench-"));
const config = join(folder, "rollout.json");
writeFileSync(config, JSON.stringify({ edgezero_enabled: "true", edgezero_rollout_pct: "10" }));

const gateway = await startServer(fileURLToPath(import.meta.resolve("@edgezero/node/main")), {
  PORT: "0",
  EDGEZERO_CONFIG: config,
});
const baseline = await startServer(fileURLToPath(import.meta.resolve("./node-baseline.ts")), {});

const withRollout: number[] = [];
const without: number[] = [];
try {
  await load(gateway.url);
  await load(baseline.url);
  for (let round = 0; round < ROUNDS; round++) {
    withRollout.push(await load(gateway.url));
    without.push(await load(baseline.url));
  }
} finally {
  gateway.stop();
  baseline.stop();
  rmSync(folder, { recursive: true });
}

console.log(`Node gateway, built-in handlers, ${ROUNDS} rounds of ${SECONDS} s, in turn`);
console.log(`  with the rollout     ${median(withRollout).toFixed(0).padStart(7)} requests/s`);
console.log(`  without the rollout  ${median(without).toFixed(0).padStart(7)} requests/s`);
console.log(`  ratio                ${medianRatio(withRollout, without).toFixed(3).padStart(7)}`);

/** Requests per second; every one of them must succeed. */
async function load(url: string): Promise<number> {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: SECONDS });
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url} failed requests`);
  return result.requests.average;
}
