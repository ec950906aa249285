import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getPlatformProxy, unstable_readConfig as readConfig } from "wrangler";
import type { OperatorStore } from "../operator-store.ts";
import { StoreError } from "../operator-store.ts";
import { openStore as openWranglerLocalStore } from "./operator.ts";
import { describeOperatorStore } from "@edgezero/testbed/contracts/operator-store";
import { runToEnd } from "@edgezero/testbed/process/run-to-end";
import { startProcess } from "@edgezero/testbed/process/start-process";

const require = createRequire(import.meta.url);
const WORKER = join(import.meta.dirname, "../../../../apps/cloudflare");
const WRANGLER = join(dirname(require.resolve("wrangler/package.json")), "bin/wrangler.js");
const BINDING = "TRUSTED_SERVER_CONFIG";
/** Each start of wrangler takes seconds of a processor, which three other workers share. */
const STARTS_TIMEOUT_MS = 240_000;

/** The part of a KV namespace that is used here. */
interface KVNamespace {
  get(key: string): Promise<string | null>;
  put(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

const folders: string[] = [];

/** A Worker's folder of its own: this project's Worker, which here reads KV at every request. */
function makeWorker(): string {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-wrangler-"));
  folders.push(folder);
  const { vars, compatibility_date } = readConfig({ config: join(WORKER, "wrangler.jsonc") });
  const config = {
    name: "edgezero-rollout-test",
    main: join(WORKER, "src/main.ts"),
    compatibility_date,
    kv_namespaces: [{ binding: BINDING }],
    vars: { ...vars, CONFIG_MAX_AGE_MS: "0" },
  };
  writeFileSync(join(folder, "wrangler.jsonc"), JSON.stringify(config));
  symlinkSync(join(import.meta.dirname, "../../node_modules"), join(folder, "node_modules"));
  return folder;
}

/** Runs wrangler's own command to its end. */
async function wrangler(folder: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true" };
  const options = { cwd: folder, env };
  const { code, stdout, stderr } = await runToEnd(process.execPath, [WRANGLER, ...args], options);
  if (code !== 0) throw new Error(stdout + stderr);
  return stdout + stderr;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe("the store", () => {
  const KEYS = ["edgezero_enabled", "edgezero_rollout_pct"] as const;
  let folder: string;
  let store: OperatorStore;
  let proxy: { readonly env: Readonly<Record<string, unknown>>; dispose(): Promise<void> };
  let outside: KVNamespace;

  // One for all tests, since each takes seconds to open.
  beforeAll(async () => {
    folder = makeWorker();
    store = await openWranglerLocalStore(`wrangler-local:${folder}`);
    proxy = await getPlatformProxy({
      configPath: join(folder, "wrangler.jsonc"),
      persist: { path: join(folder, ".wrangler", "state", "v3") },
      remoteBindings: false,
    });
    outside = proxy.env[BINDING] as KVNamespace;
  }, STARTS_TIMEOUT_MS);
  afterAll(async () => {
    await store.close();
    await proxy.dispose();
  });

  describeOperatorStore({ comparesFirst: false }, async () => {
    for (const key of KEYS) await outside.delete(key);
    return {
      store: { ...store, close: async () => {} },
      openAgain: async () => openWranglerLocalStore(`wrangler-local:${folder}/.wrangler/state`),
      async stored() {
        const [flag, pct] = await Promise.all(KEYS.map(async (key) => outside.get(key)));
        return { edgezero_enabled: flag ?? null, edgezero_rollout_pct: pct ?? null };
      },
      async set(values) {
        for (const key of KEYS) {
          const value = values[key];
          await (value === undefined ? outside.delete(key) : outside.put(key, value));
        }
      },
      close: async () => {},
    };
  });
});

test(
  "wrangler's own command and the store see each other's writes",
  async () => {
    const folder = makeWorker();
    const kv = async (...args: string[]): Promise<string> =>
      wrangler(folder, "kv", "key", ...args, "--binding", BINDING, "--local");
    await kv("put", "edgezero_rollout_pct", "10");
    const store = await openWranglerLocalStore(`wrangler-local:${folder}`);
    expect((await store.read()).edgezero_rollout_pct).toBe("10");
    await kv("put", "edgezero_rollout_pct", "20");
    expect((await store.read()).edgezero_rollout_pct).toBe("20");
    await store.overwrite({ edgezero_rollout_pct: "30" }, "ann");
    expect((await kv("get", "edgezero_rollout_pct", "--text")).trim()).toBe("30");
    await store.close();
  },
  STARTS_TIMEOUT_MS,
);

test(
  "a wrangler dev that runs obeys each change",
  async () => {
    const folder = makeWorker();
    const dev = await startDev(folder);
    const store = await openWranglerLocalStore(`wrangler-local:${folder}`);
    const path = async (): Promise<string | null> =>
      (await fetch(dev.url)).headers.get("x-edgezero-path");
    expect(await path()).toBe("legacy");
    for (let i = 0; i < 5; i++) {
      await store.overwrite({ edgezero_enabled: "true", edgezero_rollout_pct: "100" }, "ann");
      await expect.poll(path).toBe("edgezero");
      await store.overwrite({ edgezero_rollout_pct: "0" }, "ann");
      await expect.poll(path).toBe("legacy");
    }
    await store.close();
    expect(await path()).toBe("legacy");
    await dev.stop();
  },
  STARTS_TIMEOUT_MS,
);

test.each([
  ["a folder without a Worker", (): string => tmpdir(), "holds no Worker"],
  [
    "a Worker without that binding",
    () => `${makeWorker()}?binding=OTHER`,
    "binds no KV namespace as OTHER",
  ],
  ["another parameter", () => ".?env=x", "must be wrangler-local:folder"],
])("%s", async (_, path, why) => {
  const opening = openWranglerLocalStore(`wrangler-local:${path()}`);
  await expect(opening).rejects.toThrow(StoreError);
  await expect(opening).rejects.toThrow(why);
});

async function startDev(folder: string): Promise<{ url: string; stop(): Promise<void> }> {
  const args = [
    "dev",
    "--port",
    "0",
    "--inspector-port",
    "0",
    "--show-interactive-dev-session=false",
  ];
  const env = { ...process.env, WRANGLER_SEND_METRICS: "false", CI: "true" };
  const { said: url, stop } = await startProcess(process.execPath, [WRANGLER, ...args], {
    cwd: folder,
    env,
    ready: /(?<=Ready on )http:\/\/\S+/,
  });
  return { url, stop };
}
