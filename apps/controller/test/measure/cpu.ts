// Measures what a controller's process costs by environments, at a tick of 15 s: node test/measure/cpu.ts [seconds]
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { openStore } from "@edgezero/stores/file/operator";
import { startController } from "../real/controller-process.ts";
import { startCountedSite } from "../real/counted-site.ts";
import { writeStore } from "../real/site.ts";

const TICK_MS = 15_000;
/** Source: proc_pid_stat(5): `utime` and `stime` in ticks, of which Linux has 100 a second. */
const TICKS_PER_SECOND = 100;
const seconds = Number(process.argv[2] ?? 180);

function cpuMs(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** The processor's time of a tick, in milliseconds, with so many environments. */
async function measure(count: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-cpu-"));
  const sites = [];
  const environments: Record<string, object> = {};
  for (let i = 0; i < count; i += 1) {
    const store = join(folder, `${i}.json`);
    writeStore(store, 0);
    const site = await startCountedSite(async () => openStore(`file:${store}`).read());
    sites.push(site);
    const plan = { stages: [{ pct: 10, hold: "24h" }], window: "15s", propagation: "2s" };
    environments[`e${i}`] = { store: `file:${store}`, evidence: [`scrape:${site.url}`], plan };
  }
  const config = join(folder, "edgezero.config.json");
  writeFileSync(config, JSON.stringify({ environments }));
  const controller = await startController({ folder, config });
  for (const name of Object.keys(environments)) {
    await waitFor(async () => (await controller.client.environment(name)).pct === 0);
    const request = { command: "start", who: "cpu", reason: "measured", id: "1" } as const;
    await controller.client.command(name, request);
  }
  await sleep(TICK_MS);
  const before = cpuMs(controller.pid);
  await sleep(seconds * 1000);
  const used = cpuMs(controller.pid) - before;
  await controller.end();
  await Promise.all(sites.map(async (site) => site.close()));
  rmSync(folder, { recursive: true });
  return used / ((seconds * 1000) / TICK_MS);
}

async function waitFor(isThere: () => Promise<boolean>): Promise<void> {
  while (!(await isThere())) await sleep(100);
}

const one = await measure(1);
const eleven = await measure(11);
const each = (eleven - one) / 10;
process.stdout.write(
  `a tick of one environment: ${one.toFixed(1)} ms of a processor; each further one ${each.toFixed(1)} ms: ${((100 * each) / TICK_MS).toFixed(3)}%\n`,
);
