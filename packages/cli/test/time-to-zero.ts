// Measures the time to zero of `rollback` over the file store, with four gateway processes:
// node test/time-to-zero.ts [rounds]
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startGateway } from "./gateway-fleet.ts";
import { runCli } from "./run-cli.ts";

const ROUNDS = Number(process.argv[2] ?? 50);
const GATEWAYS = 4;

const folder = mkdtempSync(join(tmpdir(), "edgezero-zero-"));
const path = join(folder, "rollout.json");
const store = ["--store", `file:${path}`];

function write(pct: number): void {
  const values = { edgezero_enabled: "true", edgezero_rollout_pct: String(pct) };
  writeFileSync(`${path}.new`, JSON.stringify(values));
  renameSync(`${path}.new`, path);
}

write(10);
const gateways = await Promise.all(Array.from({ length: GATEWAYS }, () => startGateway(path)));
const urls = gateways.flatMap(({ url }) => ["--url", url]);
const times: number[] = [];
const totals: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  write(10);
  // Only a fleet that serves it can show that it ends.
  while (
    (await runCli(["status", ...store, ...urls, "--json"], { cwd: folder })).document["agree"] !==
    true
  );
  const { code, document } = await runCli(["rollback", ...store, ...urls, "--json"], {
    cwd: folder,
  });
  if (code !== 0) throw new Error(`exit code ${code}: ${JSON.stringify(document)}`);
  times.push(document["timeToZeroMs"] as number);
  totals.push(document["totalMs"] as number);
}
await Promise.all(gateways.map(({ stop }) => stop()));
rmSync(folder, { recursive: true });

console.log(`time to zero, file store, ${GATEWAYS} gateways, ${ROUNDS} rollbacks, in ms:`);
console.log(`  from the start of the write: ${summary(times)}`);
console.log(`  of the whole command, verified: ${summary(totals)}`);

function summary(all: number[]): string {
  const sorted = all.toSorted((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN).toFixed(1);
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, most ${at(1)}`;
}
