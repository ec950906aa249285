// A rollback by the command, proven or not by gateways on their own runtimes.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WORKER_APP } from "@edgezero/testbed/cloudflare/worker-app";
import type { FakeFastly } from "@edgezero/testbed/cloud/fake-fastly";
import { startFakeFastly } from "@edgezero/testbed/cloud/fake-fastly";
import type { Viceroy } from "@edgezero/testbed/fastly/viceroy";
import { startViceroy } from "@edgezero/testbed/fastly/viceroy";
import type { ReadyProcess } from "@edgezero/testbed/process/start-process";
import { startProcess } from "@edgezero/testbed/process/start-process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { unstable_readConfig as readConfig } from "wrangler";
import { AT_10 } from "./operator.ts";
import type { Run } from "./run-cli.ts";
import { runCli } from "./run-cli.ts";
import { untilSeenBefore } from "./until-seen-before.ts";

const require = createRequire(import.meta.url);
const WRANGLER = join(dirname(require.resolve("wrangler/package.json")), "bin/wrangler.js");
const FASTLY_APP = fileURLToPath(new URL("../../../apps/fastly/src/main.ts", import.meta.url));
const SECRET = "the secret of probes, of 32 characters and more";
const OTHER_SECRET = "another secret that has 32 characters";

// Each test under wrangler starts Miniflare four times.
const TIMEOUT_MS = 300_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-platform-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function run(args: string, env: Readonly<Record<string, string>>): Promise<Run> {
  return runCli(args.split(" "), { cwd: folder, env: { HOME: folder, ...env } });
}

/** A Worker's folder of its own: this project's Worker, which here reads KV at every request. */
function makeWorker(name: string): string {
  const worker = join(folder, name);
  const { vars, compatibility_date } = readConfig({ config: join(WORKER_APP, "wrangler.jsonc") });
  const config = {
    name: "edgezero-rollout-test",
    main: join(WORKER_APP, "src/main.ts"),
    compatibility_date,
    kv_namespaces: [{ binding: "TRUSTED_SERVER_CONFIG" }],
    vars: { ...vars, CONFIG_MAX_AGE_MS: "0", PROBE_SECRET: SECRET },
  };
  mkdirSync(worker);
  writeFileSync(join(worker, "wrangler.jsonc"), JSON.stringify(config));
  symlinkSync(join(import.meta.dirname, "../node_modules"), join(worker, "node_modules"));
  return worker;
}

describe("under wrangler dev", () => {
  let dev: ReadyProcess;
  let store: string;
  let other: string;

  beforeAll(async () => {
    const worker = makeWorker("worker");
    store = `wrangler-local:${worker}`;
    other = `wrangler-local:${makeWorker("other")}`;
    const args = ["dev", "--port", "0", "--inspector-port", "0"];
    args.push("--show-interactive-dev-session=false");
    dev = await startProcess(process.execPath, [WRANGLER, ...args], {
      cwd: worker,
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true" },
      ready: /(?<=Ready on )http:\/\/\S+/,
    });
    // The first answer takes the time of a start.
    await fetch(dev.said);
  }, 120_000);
  afterAll(async () => dev.stop());

  const rollback = async (where: string, secret: string): Promise<Run> => {
    for (const args of ["init", "enable --yes", "set 10 --yes --force -m drill"]) {
      const { code, stderr } = await run(`${args} --store ${where}`, {});
      expect({ args, code, stderr }).toMatchObject({ code: 0 });
    }
    return run(`rollback --json --timeout 60 --store ${where} --url ${dev.said}`, {
      EDGEZERO_PROBE_SECRET: secret,
    });
  };

  test("the right store and the right secret are 0", { timeout: TIMEOUT_MS }, async () => {
    const { code, document } = await untilSeenBefore(async () => rollback(store, SECRET));
    expect(document["headline"]).toMatch(/^Rolled back, and verified/);
    expect(code).toBe(0);
  });

  test("another store is 7", { timeout: TIMEOUT_MS }, async () => {
    const { code, document } = await rollback(other, SECRET);
    expect(document["headline"]).toMatch(/^Rolled back in the store\. NOT verified: /);
    expect(code).toBe(7);
  });

  test("another secret is 7", { timeout: TIMEOUT_MS }, async () => {
    const { code, stdout } = await rollback(store, OTHER_SECRET);
    expect(stdout).toContain("this gateway does not answer signed probes");
    expect(code).toBe(7);
  });
});

describe("under Viceroy", () => {
  let viceroy: Viceroy;
  let api: FakeFastly;
  const ID = "abcdefghijklmnopqrstuv";
  const OTHER_ID = "bcdefghijklmnopqrstuvw";

  /** A config store behind the API that the service reads too. */
  class LinkedStore extends Map<string, unknown> {
    override set(key: string, value: unknown): this {
      super.set(key, value);
      viceroy.write(Object.fromEntries(this) as Record<string, string>);
      return this;
    }
  }

  beforeAll(async () => {
    const nowhere = "http://127.0.0.1:9/";
    viceroy = await startViceroy({
      source: FASTLY_APP,
      origins: { legacy: nowhere, edgezero: nowhere },
      secrets: { probe_secret: SECRET },
      hasConfigStore: true,
    });
    api = await startFakeFastly();
    api.tokens.set("t0ken", "global");
    api.stores.set(ID, new LinkedStore());
    api.stores.set(OTHER_ID, new Map());
    await fetch(viceroy.url);
  }, 300_000);
  afterAll(async () => {
    await api.close();
    await viceroy.stop();
  });

  const rollback = async (id: string, secret: string, timeoutS: number): Promise<Run> => {
    for (const [key, value] of Object.entries(AT_10)) api.stores.get(id)?.set(key, value);
    return run(
      `rollback --json --timeout ${timeoutS} --store fastly://${id} --url ${viceroy.url}`,
      {
        EDGEZERO_PROBE_SECRET: secret,
        EDGEZERO_FASTLY_API_URL: api.url,
        FASTLY_API_TOKEN: "t0ken",
      },
    );
  };

  test("the right store and the right secret are 0", { timeout: TIMEOUT_MS }, async () => {
    const { code, document } = await untilSeenBefore(async () => rollback(ID, SECRET, 30));
    expect(document["headline"]).toMatch(/^Rolled back, and verified/);
    expect(code).toBe(0);
  });

  test("another store is 7", async () => {
    api.stores.get(ID)?.set("edgezero_rollout_pct", "5");
    const { code, stdout } = await rollback(OTHER_ID, SECRET, 10);
    expect(stdout).toMatch(/this gateway reads another store: it serves epoch [\da-f]+/);
    expect(code).toBe(7);
  });

  test("another secret is 7", async () => {
    const { code, stdout } = await rollback(ID, OTHER_SECRET, 30);
    expect(stdout).toContain("this gateway does not answer signed probes");
    expect(code).toBe(7);
  });
});
