import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { unstable_readConfig as readConfig } from "wrangler";
import {
  COMPATIBILITY_DATE,
  KV_BINDING,
  WORKER_APP,
  WORKER_BUNDLE,
} from "@edgezero/testbed/cloudflare/worker-app";
import { spawnChild } from "@edgezero/testbed/process/child-process";
import { OTHER_CORE } from "../load/pinned.ts";
import { startUpstream } from "../proxies/upstream.ts";
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
/** What a deployment has of itself: events too, as `wrangler.jsonc` says. */
const DEPLOYED_VARS = { ...VARS, ...deployedVars() };

/** A Worker in workerd, and the URL of its KV namespace: see `guests/workerd-kv.js`. */
export interface WorkerdServer extends Server {
  readonly kvUrl: string;
}

/**
 * The Worker, as `pnpm --filter cloudflare build` has built it, in bare workerd: `wrangler dev` and
 * Miniflare put a proxy in front, which would be most of the work.
 *
 * @param vars Variables that differ from those of the benchmarks.
 */
export async function startWorkerGateway(
  vars: Readonly<Record<string, string>> = {},
): Promise<WorkerdServer> {
  return startBuiltWorker({ ...VARS, ...vars });
}

/** The same in front of two origins, with the variables of a deployment. */
export async function startWorkerProxy(): Promise<Server> {
  const upstream = await startUpstream(OTHER_CORE);
  const { legacy, edgezero } = upstream;
  const vars = { ...DEPLOYED_VARS, LEGACY_ORIGIN: legacy, EDGEZERO_ORIGIN: edgezero };
  return stoppedWith(upstream, await startBuiltWorker(vars));
}

async function startBuiltWorker(vars: Readonly<Record<string, string>>): Promise<WorkerdServer> {
  const bindings = textBindings(vars);
  bindings.push(`(name = "${KV_BINDING}", kvNamespace = "kv")`);
  return startWorkerd(readFileSync(WORKER_BUNDLE, "utf8"), bindings);
}

/**
 * The Worker's built-in handler, without the rollout. Built by Wrangler with the Worker's own settings,
 * since how a program is bundled changes its speed too.
 */
export async function startWorkerBaseline(): Promise<WorkerdServer> {
  return startWorkerd(await bundleOf("workerd-baseline"), []);
}

/** A Worker that only passes requests on, all to one origin. */
export async function startWorkerPlainProxy(): Promise<Server> {
  return startProgramAtOrigin("workerd-proxy");
}

/** The same, with the least that any gateway does. */
export async function startWorkerLeast(): Promise<Server> {
  return startProgramAtOrigin("workerd-least");
}

async function startProgramAtOrigin(program: string): Promise<Server> {
  const upstream = await startUpstream(OTHER_CORE);
  const bindings = textBindings({ ORIGIN: upstream.legacy });
  return stoppedWith(upstream, await startWorkerd(await bundleOf(program), bindings));
}

async function bundleOf(program: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-baseline-"));
  const config = ["--config", join(WORKER_APP, "wrangler.jsonc")];
  const args = ["deploy", guest(`${program}.ts`), ...config, "--dry-run", "--outdir", folder];
  await promisify(execFile)(process.execPath, [WRANGLER, ...args], { cwd: WORKER_APP });
  return readFileSync(join(folder, `${program}.js`), "utf8");
}

function textBindings(vars: Readonly<Record<string, string>>): string[] {
  return Object.entries(vars).map(
    ([name, text]) => `(name = "${name}", text = ${JSON.stringify(text)})`,
  );
}

function stoppedWith(upstream: Server, server: Server): Server {
  return {
    ...server,
    async stop() {
      await server.stop();
      await upstream.stop();
    },
  };
}

/** The variables that the Worker's own build names. */
function deployedVars(): Record<string, string> {
  const { vars } = readConfig(
    { config: join(WORKER_APP, "wrangler.jsonc") },
    { hideWarnings: true },
  );
  return vars as Record<string, string>;
}

async function startWorkerd(code: string, bindings: readonly string[]): Promise<WorkerdServer> {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-workerd-"));
  writeFileSync(join(folder, "main.js"), code);
  writeFileSync(join(folder, "kv.js"), readFileSync(guest("workerd-kv.js")));
  writeFileSync(join(folder, "config.capnp"), configOf(bindings));
  const child = spawnChild(
    WORKERD,
    [
      "serve",
      "--control-fd=3",

      "config.capnp",
    ],
    {
      cwd: folder,
      // Its standard output has the sampled events.
      stdio: ["ignore", "ignore", "inherit", "pipe"],
    },
  );
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
  services = [
    (name = "main", worker = .main),
    (name = "kv", worker = .kv),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
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
