// Requests per second of the Worker in workerd, against the same handlers without the rollout.
// Bare workerd: `wrangler dev` and Miniflare put a proxy in front, which would be most of the work.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import workerd from "workerd";
import type { Server } from "./throughput.ts";
import { compareThroughput } from "./throughput.ts";

const COMPATIBILITY_DATE = "2026-11-17";
const WORKER = fileURLToPath(new URL("../../apps/cloudflare/dist/main.js", import.meta.url));
const guest = (file: string): string => fileURLToPath(new URL(`./guests/${file}`, import.meta.url));

const vars = {
  LOG_LEVEL: "info",
  LEGACY_ORIGIN: "",
  EDGEZERO_ORIGIN: "",
  UPSTREAM_TIMEOUT_MS: "30000",
  CONFIG_MAX_AGE_MS: "5000",
};
const bindings = Object.entries(vars).map(([name, text]) => `(name = "${name}", text = "${text}")`);
bindings.push('(name = "TRUSTED_SERVER_CONFIG", kvNamespace = "kv")');

const bundle = await build({
  entryPoints: [guest("workerd-baseline.ts")],
  bundle: true,
  format: "esm",
  write: false,
});
await compareThroughput({
  title: "Cloudflare Workers in workerd",
  startGateway: async () => startWorkerd(readFileSync(WORKER, "utf8"), bindings),
  startBaseline: async () => startWorkerd(bundle.outputFiles[0]?.text ?? "", []),
  instances: 3,
});

async function startWorkerd(code: string, workerBindings: readonly string[]): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-workerd-"));
  writeFileSync(join(folder, "main.js"), code);
  writeFileSync(join(folder, "kv.js"), readFileSync(guest("workerd-kv.js")));
  writeFileSync(join(folder, "config.capnp"), configOf(workerBindings));
  const child = spawn(workerd.default, ["serve", "--control-fd=3", "config.capnp"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit", "pipe"],
  });
  const control = child.stdio[3] as NodeJS.ReadableStream;
  for await (const line of createInterface(control)) {
    const { port } = JSON.parse(line) as { port?: number };
    if (port !== undefined) {
      return { url: `http://127.0.0.1:${port}`, stop: () => void child.kill() };
    }
  }
  throw new Error("workerd ended before it listened");
}

function configOf(workerBindings: readonly string[]): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .main), (name = "kv", worker = .kv) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ],
);
const main :Workerd.Worker = (
  modules = [ (name = "main.js", esModule = embed "main.js") ],
  compatibilityDate = "${COMPATIBILITY_DATE}",
  bindings = [ ${workerBindings.join(", ")} ],
);
const kv :Workerd.Worker = (
  modules = [ (name = "kv.js", esModule = embed "kv.js") ],
  compatibilityDate = "${COMPATIBILITY_DATE}",
);
`;
}
