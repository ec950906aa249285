import { strict as assert } from "node:assert";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { OUTSIDE, run } from "./run.ts";
import type { Running } from "./running.ts";
import { start } from "./running.ts";

const SECRET = "a secret of at least 32 characters";

/**
 * Operates a rollout with what is installed in a folder: the gateway, the controller and the command, each
 * by its program. Throws at the first step that is not as documented.
 *
 * @param node The Node to run them on.
 */
export async function walk(project: string, node: string): Promise<void> {
  const [gateway, metrics, control] = [await freePort(), await freePort(), await freePort()];
  const url = `http://127.0.0.1:${gateway}`;
  const env = { ...OUTSIDE, PROBE_SECRET: SECRET, EDGEZERO_PROBE_SECRET: SECRET };
  const bin = (name: string): string => join(project, "node_modules", ".bin", name);
  const rollout = async (...args: string[]): Promise<string> =>
    run(project, node, [bin("edgezero-rollout"), ...args], env);

  await rollout("init", "--store", "file:./rollout.json");
  await rollout("enable", "--yes");
  await writeFile(join(project, "edgezero.config.json"), config(url, metrics, control));

  const running: Running[] = [];
  const startProgram = async (name: string, args: string[], more: object, ready: RegExp) => {
    running.push(await start(project, node, [bin(name), ...args], { ...env, ...more }, ready));
  };
  try {
    await operate();
  } finally {
    const codes = await Promise.all(running.toReversed().map(async (each) => each.end()));
    assert.ok(
      codes.every((code) => code === 0),
      `each program ends with 0: ${codes.join(", ")}`,
    );
  }

  async function operate(): Promise<void> {
    const ports = { PORT: String(gateway), METRICS_PORT: String(metrics) };
    await startProgram("edgezero-gateway", [], ports, /gateway started/);
    assert.equal(await pathOf(url), "legacy", "at 0 everyone gets legacy");
    await startProgram(
      "edgezero-controller",
      ["--config", "edgezero.config.json"],
      { PORT: String(control), STATE_DIR: "state" },
      /controller started/,
    );
    const page = await (await fetch(`http://127.0.0.1:${control}/`)).text();
    assert.match(page, /<script[^>]+src="\.\/assets\//, "the controller serves the page");
    assert.match(await rollout("explain"), /idle/i, "the command asks the controller");

    await rollout("set", "100", "--yes", "--force", "--wait", "-m", "a walk");
    assert.equal(await pathOf(url), "edgezero", "at 100 everyone gets EdgeZero");
    assert.match(await rollout("rollback"), /Rolled back, and verified/);
    assert.equal(await pathOf(url), "legacy", "after a rollback everyone gets legacy");
  }
}

function config(url: string, metrics: number, control: number): string {
  const production = {
    store: "file:./rollout.json",
    urls: [url],
    instances: 1,
    probe: { secretEnv: "EDGEZERO_PROBE_SECRET" },
    evidence: [`scrape:http://127.0.0.1:${metrics}/metrics`],
    controller: { url: `http://127.0.0.1:${control}` },
    plan: {
      stages: [
        { pct: 1, hold: "30m" },
        { pct: 100, hold: "48h" },
      ],
    },
  };
  return JSON.stringify({ defaultEnvironment: "production", environments: { production } });
}

async function pathOf(url: string): Promise<string | null> {
  return (await fetch(url)).headers.get("x-edgezero-path");
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
