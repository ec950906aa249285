// Measures the time to zero of `rollback` with four gateway processes, by signed probes:
// node test/time-to-zero.ts [rounds] [file|redis]
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { startGateway } from "./gateway-fleet.ts";
import type { Run } from "./run-cli.ts";
import { runCli } from "./run-cli.ts";

const ROUNDS = Number(process.argv[2] ?? 50);
const GATEWAYS = 4;

const KIND = process.argv[3] ?? "file";
const EDGEZERO_PROBE_SECRET = "the secret of probes, of 32 characters and more";

const folder = mkdtempSync(join(tmpdir(), "edgezero-zero-"));
const path = join(folder, "rollout.json");
const redis = KIND === "redis" ? await startRedis() : null;
const store = ["--store", redis?.url ?? `file:${path}`];

async function write(pct: number): Promise<void> {
  const values = { edgezero_enabled: "true", edgezero_rollout_pct: String(pct) };
  if (redis !== null) return redis.write(values);
  writeFileSync(`${path}.new`, JSON.stringify(values));
  renameSync(`${path}.new`, path);
}

const run = async (...args: string[]): Promise<Run> =>
  runCli([...args, ...store, ...urls, "--instances", "1", "--json"], {
    cwd: folder,
    env: { EDGEZERO_PROBE_SECRET },
  });

await write(10);
const env = { PROBE_SECRET: EDGEZERO_PROBE_SECRET };
const gateways = await Promise.all(
  Array.from({ length: GATEWAYS }, () => startGateway(redis?.url ?? path, env)),
);
const urls = gateways.flatMap(({ url }) => ["--url", url]);
const times: number[] = [];
const totals: number[] = [];
let untimed = 0;
let unproven = 0;
for (let round = 0; round < ROUNDS; round++) {
  await write(10);
  // Only a fleet that serves it can show that it ends.
  while ((await run("status")).code !== 0);
  const { code, document } = await run("rollback");
  if (code === 0) {
    const ms = document["timeToZeroMs"];
    if (typeof ms === "number") times.push(ms);
    else untimed++;
    totals.push(document["totalMs"] as number);
  } else {
    unproven++;
    console.log(`round ${round}: exit code ${code}: ${String(document["headline"])}`);
  }
}
await Promise.all(gateways.map(({ stop }) => stop()));
await redis?.close();
rmSync(folder, { recursive: true });

console.log(`time to zero, ${KIND}, ${GATEWAYS} gateways, ${ROUNDS} rollbacks, in ms:`);
console.log(`  not proven: ${unproven}; proven without a time: ${untimed}`);
console.log(`  from the start of the write: ${summary(times)}`);
console.log(`  of the whole command, verified: ${summary(totals)}`);

function summary(all: number[]): string {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN).toFixed(1);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`;
}
