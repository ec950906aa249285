import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import {
  COMPATIBILITY_DATE,
  KV_BINDING,
  WORKER_APP,
  WORKER_BUNDLE,
} from "@edgezero/testbed/cloudflare/worker-app";
import { spawnChild } from "@edgezero/testbed/process/child-process";
import type { Server } from "./server-process.ts";

/** Where the executable is. Required, since what `import` gives of CommonJS differs between runners. */
const { default: WORKERD } = createRequire(import.meta.url)("workerd") as { default: string };
const WRANGLER = join(WORKER_APP, "node_modules/wrangler/bin/wrangler.js");
const guest = (file: string): string =>
  fileURLToPath(new URL(`../guests/${file}`, import.meta.url));

const VARS = {
  LOG_LEVEL: "info",
  LEGACY_ORIGIN: "",
  EDGEZERO_ORIGIN: "",
  UPSTREAM_TIMEOUT_MS: "30000",
  CONFIG_MAX_AGE_MS: "5000",
};

/** A Worker in workerd, and the URL of its KV namespace: see `guests/workerd-kv.js`. */
export interface WorkerdServer extends Server {
  readonly kvUrl: string;
}

/**
 * The Worker, as `pnpm --filter cloudflare build` has built it, in bare workerd: `wrangler dev` and
 * Miniflare put a proxy in front, which would be most of the work.
 */
export async function startWorkerGateway(): Promise<WorkerdServer> {
  const bindings = Object.entries(VARS).map(
    ([name, text]) => `(name = "${name}", text = "${text}")`,
  );
  bindings.push(`(name = "${KV_BINDING}", kvNamespace = "kv")`);
  return startWorkerd(readFileSync(WORKER_BUNDLE, "utf8"), bindings);
}

/**
 * The Worker's built-in handler, without the rollout. Built by Wrangler with the Worker's own settings,
 * since how a program is bundled changes its speed too.
 */
export async function startWorkerBaseline(): Promise<WorkerdServer> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-baseline-"));
  const config = ["--config", join(WORKER_APP, "wrangler.jsonc")];
  const args = ["deploy", guest("workerd-baseline.ts"), ...config, "--dry-run", "--outdir", folder];
  await promisify(execFile)(process.execPath, [WRANGLER, ...args], { cwd: WORKER_APP });
  return startWorkerd(readFileSync(join(folder, "workerd-baseline.js"), "utf8"), []);
}

async function startWorkerd(code: string, bindings: readonly string[]): Promise<WorkerdServer> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-workerd-"));
  writeFileSync(join(folder, "main.js"), code);
  writeFileSync(join(folder, "kv.js"), readFileSync(guest("workerd-kv.js")));
  writeFileSync(join(folder, "config.capnp"), configOf(bindings));
  const child = spawnChild(WORKERD, ["serve", "--control-fd=3", "config.capnp"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const urls: Record<string, string> = {};
  for await (const line of createInterface(child.process.stdio[3] as NodeJS.ReadableStream)) {
    const { socket = "", port } = JSON.parse(line) as { socket?: string; port?: number };
    if (port !== undefined) urls[socket] = `http://127.0.0.1:${port}`;
    const { http: url, kv: kvUrl } = urls;
    if (url === undefined || kvUrl === undefined) continue;
    return { url, kvUrl, pid: child.pid, stop: async () => void (await child.end()) };
  }
  throw new Error("workerd ended before it listened");
}

function configOf(bindings: readonly string[]): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .main), (name = "kv", worker = .kv) ],
  sockets = [
    (name = "http", address = "127.0.0.1:0", http = (), service = "main"),
    (name = "kv", address = "127.0.0.1:0", http = (), service = "kv"),
  ],
);
const main :Workerd.Worker = (
  modules = [ (name = "main.js", esModule = embed "main.js") ],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  bindings = [ ${bindings.join(", ")} ],
);
const kv :Workerd.Worker = (
  modules = [ (name = "kv.js", esModule = embed "kv.js") ],
  compatibilityDate = "${COMPATIBILITY_DATE}",
);
`;
}
