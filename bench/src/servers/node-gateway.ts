import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Server, ServerOptions } from "./server-process.ts";
import { startServer } from "./server-process.ts";

const MAIN = fileURLToPath(import.meta.resolve("@edgezero/node/main"));
const BASELINE = fileURLToPath(new URL("../node-baseline.ts", import.meta.url));

/** A new config file that is on at a percentage. */
export function configFile(percentage: number): string {
  const file = join(mkdtempSync(join(tmpdir(), "edgezero-bench-")), "rollout.json");
  writeFileSync(file, configText(percentage));
  return file;
}

/** What a config file says that is on at a percentage. */
export function configText(percentage: number): string {
  return JSON.stringify({ edgezero_enabled: "true", edgezero_rollout_pct: String(percentage) });
}

/** The Node gateway, at 10 per cent and without metrics unless `env` says otherwise. */
export async function startNodeGateway({ env, ...options }: ServerOptions = {}): Promise<Server> {
  const defaults = { PORT: "0", EDGEZERO_CONFIG: configFile(10), METRICS_PORT: "off" };
  return startServer(MAIN, { ...options, env: { ...defaults, ...env } });
}

/** The gateway's built-in handler, served the same way, without the rollout. */
export async function startNodeBaseline(): Promise<Server> {
  return startServer(BASELINE);
}
