// Writes each project of `edgezero-rollout new` with the packed command, installs it from the packed files,
// and runs it: on Node, in workerd, in Viceroy and in nginx. The files are in a folder, `release` in the root
// unless given, and after it the gateways to try, all unless given. Needs the registry, nginx, and Viceroy: `npx pnpm@12 --filter fastly viceroy` builds it.
import { strict as assert } from "node:assert";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildViceroy } from "@edgezero/fastly/viceroy";
import { freePort } from "@edgezero/testbed/free-port";
import { closureOf, install } from "../src/install.ts";
import { nodeOf } from "../src/node-versions.ts";
import { packedFile } from "../src/packed-file.ts";
import { publishedPackages, REPOSITORY } from "../src/published-packages.ts";
import { OUTSIDE, run } from "../src/run.ts";
import type { Running } from "../src/running.ts";
import { start } from "../src/running.ts";

const [, , given, ...wanted] = process.argv;
const packed = resolve(given ?? join(REPOSITORY, "release"));
const packages = publishedPackages();
const folder = await mkdtemp(join(tmpdir(), "edgezero-starters-"));
// As root, nginx has workers of another user, who must read the project.
await chmod(folder, 0o755);
const node = await nodeOf("26");
const port = await freePort();
const url = `http://127.0.0.1:${port}`;
// Programs of a project run on this Node, whichever one does the installing.
const env = { ...OUTSIDE, PATH: `${join(node, "..")}:${OUTSIDE["PATH"]}` };

const command = join(folder, "command");
await install(command, "npm", ["edgezero-rollout"], packages, packed);

/** Writes and installs a project, and gives its folder. */
async function make(gateway: string): Promise<string> {
  const project = join(folder, gateway);
  const program = join(command, "node_modules", ".bin", "edgezero-rollout");
  await run(command, node, [program, "new", gateway, project], env);
  const manifest = await readFile(join(project, "package.json"), "utf8");
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
  const files = closureOf(Object.keys(dependencies), packages).map((each) =>
    packedFile(packed, each.manifest),
  );
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"];
  await run(project, "npm", ["install", ...quiet, ...files], env);
  return project;
}

async function rollout(project: string, ...args: string[]): Promise<string> {
  return run(project, join(project, "node_modules", ".bin", "edgezero-rollout"), args, env);
}

/** Fetches until a path answers: a change takes the time that its store needs. */
async function until(path: string): Promise<void> {
  const deadline = performance.now() + 30_000;
  let found: string | null = null;
  while (performance.now() < deadline) {
    found = (await fetch(url)).headers.get("x-edgezero-path");
    if (found === path) return;
  }
  throw new Error(`${url} still answers by ${found}, not by ${path}`);
}

/** Replaces texts of a file. Throws where one is not there. */
async function edit(file: string, ...edits: readonly (readonly [string, string])[]): Promise<void> {
  let text = await readFile(file, "utf8");
  for (const [from, to] of edits) {
    assert.ok(text.includes(from), `${file} has ${from}`);
    text = text.replaceAll(from, to);
  }
  await writeFile(file, text);
}

/** Moves the project's rollout to 100 and back, as its README says. */
async function moveAndBack(project: string): Promise<void> {
  await until("legacy");
  await rollout(project, "enable", "--yes");
  await rollout(project, "set", "100", "--yes", "--force", "-m", "try it");
  await until("edgezero");
  await rollout(project, "rollback", "--accept-unverified");
  await until("legacy");
}

const CHECKS: Readonly<Record<string, (project: string) => Promise<void>>> = {
  async node(project) {
    await edit(join(project, "gateway.env"), ["PORT=8787", `PORT=${port}`]);
    const gateway = await start(project, node, ["gateway.js"], env, /gateway started/);
    await ending(gateway, () => moveAndBack(project));
  },
  async nginx(project) {
    const [metrics, legacy, edgezero] = [await freePort(), await freePort(), await freePort()];
    await edit(
      join(project, "nginx.conf"),
      ["127.0.0.1:8787", `127.0.0.1:${port}`],
      ["127.0.0.1:9464", `127.0.0.1:${metrics}`],
      ["127.0.0.1:9001", `127.0.0.1:${legacy}`],
      ["127.0.0.1:9002", `127.0.0.1:${edgezero}`],
    );
    const args = ["-p", project, "-c", join(project, "nginx.conf")];
    const gateway = await start(project, "nginx", args, env, /start worker process/);
    await ending(gateway, () => moveAndBack(project));
  },
  async cloudflare(project) {
    await rollout(project, "init");
    const wrangler = join(project, "node_modules", "wrangler", "bin", "wrangler.js");
    const args = [wrangler, "dev", "--port", String(port), "--inspector-port", "0"];
    const gateway = await start(project, node, args, env, /Ready on/);
    await ending(gateway, () => moveAndBack(project));
    const out = ["deploy", "--dry-run", "--outdir", "out"];
    await run(project, node, [wrangler, ...out], env);
  },
  async fastly(project) {
    await run(project, "npm", ["run", "build"], env);
    const origins = [await freePort(), await freePort()] as const;
    const servers = origins.map((at, i) =>
      createServer((_, response) => response.end(`origin ${i}`)).listen(at, "127.0.0.1"),
    );
    const toml = join(project, "fastly.toml");
    await edit(
      toml,
      ["127.0.0.1:9101", `127.0.0.1:${origins[0]}`],
      ["127.0.0.1:9102", `127.0.0.1:${origins[1]}`],
    );
    const program = join(project, "bin", "main.wasm");
    // Without `-v` it does not say that it listens.
    const args = ["-v", "--addr", `127.0.0.1:${port}`, "-C", toml, program];
    const serve = async (path: string): Promise<void> => {
      const gateway = await start(project, buildViceroy(), args, env, /Listening on/);
      await ending(gateway, () => until(path));
    };
    await serve("legacy");
    // The simulator reads the two keys as it starts.
    await edit(
      toml,
      ['edgezero_enabled = "false"', 'edgezero_enabled = "true"'],
      ['edgezero_rollout_pct = "0"', 'edgezero_rollout_pct = "100"'],
    );
    await serve("edgezero");
    for (const server of servers) server.close();
  },
};

async function ending(gateway: Running, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } finally {
    await gateway.end();
  }
}

try {
  for (const [gateway, check] of Object.entries(CHECKS)) {
    if (wanted.length > 0 && !wanted.includes(gateway)) continue;
    await check(await make(gateway));
    console.log(`new ${gateway}: written, installed and run`);
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
