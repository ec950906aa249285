import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { Server } from "node:net";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { loadConfig } from "@edgezero/config";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import type { LedEnvironments } from "../src/environment/led-environments.ts";
import { leadEnvironments } from "../src/environment/led-environments.ts";
import type { ReceiverServer } from "./notify/receiver-server.ts";
import { SECRET, startReceiver } from "./notify/receiver-server.ts";
import { SILENT } from "./silent-logger.ts";

const PLAN = {
  stages: [
    { pct: 1, hold: "30m" },
    { pct: 100, hold: "1h" },
  ],
  signals: { errors: { kind: "rate", margin: { points: 0.1 }, breach: "rollback" } },
  window: "1s",
  propagation: "1s",
};

let folder: string;
let silent: Server;
let led: LedEnvironments | null = null;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-many-"));
  // It takes connections, and never answers.
  silent = createServer((socket) => socket.on("error", () => {}));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  await led?.close();
  led = null;
  silent.close();
  rmSync(folder, { recursive: true, force: true });
});

const port = (): number => (silent.address() as AddressInfo).port;

/** Those of the controller: the API of one store hangs. */
const variables = (): Readonly<Record<string, string>> => ({
  PAGER: SECRET,
  CLOUDFLARE_API_TOKEN: "a-token",
  EDGEZERO_CLOUDFLARE_API_URL: `http://127.0.0.1:${port()}`,
});

type Environment = Readonly<Record<string, unknown>>;

function environment(name: string, more: Environment = {}): Environment {
  const path = join(folder, `${name}.rollout.json`);
  const values = { edgezero_enabled: "true", edgezero_rollout_pct: "0" };
  writeFileSync(path, JSON.stringify(values));
  return {
    store: `file:${path}`,
    evidence: ["scrape:http://127.0.0.1:9/metrics"],
    plan: PLAN,
    ...more,
  };
}

function write(environments: Readonly<Record<string, Environment>>): string {
  const path = join(folder, "edgezero.config.json");
  writeFileSync(path, JSON.stringify({ environments }));
  return path;
}

async function lead(environments: Readonly<Record<string, Environment>>): Promise<LedEnvironments> {
  const loaded = await loadConfig({ config: write(environments) }, folder);
  if (loaded === null) throw new Error("no config");
  const stateDir = join(folder, "state");
  led = await leadEnvironments(loaded, { variables: variables(), stateDir, logger: SILENT });
  for (const { rollout } of led.all()) void rollout.run();
  return led;
}

/** Reads another config, as the signal SIGHUP asks for it. */
async function reload(
  environments: Readonly<Record<string, Environment>>,
): Promise<readonly string[]> {
  const config = write(environments);
  return led?.reload(async () => loadConfig({ config }, folder)) ?? [];
}

const ticksOf = (name: string): number => led?.get(name)?.rollout.counts().ticks ?? -1;

test("of twenty environments, one hanging store and one hanging source delay no other", async () => {
  const names = Array.from({ length: 18 }, (_, index) => `site-${index}`);
  const calm = Object.fromEntries(names.map((name) => [name, environment(name)]));
  const before = process.memoryUsage().rss;
  await lead({
    ...calm,
    "hanging-store": environment("a", {
      store: `cloudflare://${"a".repeat(32)}/${"b".repeat(32)}`,
    }),
    "hanging-source": environment("b", { evidence: [`scrape:http://127.0.0.1:${port()}/metrics`] }),
  });
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await expect.poll(() => Math.min(...names.map(ticksOf))).toBeGreaterThanOrEqual(5);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  for (const name of names) expect(led?.get(name)?.rollout.isReady()).toBe(true);
  expect(led?.get("hanging-store")?.rollout.isReady()).toBe(false);
  // Each ticks once a window and at its begin, also the two whose questions hang.
  const all = [...names, "hanging-store", "hanging-source"].map(ticksOf);
  expect(Math.max(...all)).toBeLessThanOrEqual(Math.ceil(seconds) + 2);
  expect(Math.min(...all)).toBeGreaterThanOrEqual(4);
  const cpuPart = (user + system) / 1e6 / seconds / 20;
  const megabytes = (process.memoryUsage().rss - before) / 1e6 / 20;
  console.info(`each of 20: ${(100 * cpuPart).toFixed(2)}% of a CPU, ${megabytes.toFixed(1)} MB`);
  expect(cpuPart).toBeLessThan(0.05);
});

test("a config that is in order counts without a restart, and followers go on", async () => {
  const { names, get, subscribe } = await lead({ a: environment("a"), b: environment("b") });
  const views: EnvironmentView[] = [];
  const end = subscribe("a", null, (_, view) => views.push(view));
  const kept = get("b");
  const stages = [{ pct: 5, hold: "1h" }];
  const next = { a: environment("a", { plan: { ...PLAN, stages } }), b: environment("b") };
  expect(await reload({ ...next, c: environment("c") })).toEqual([]);
  expect([...names()].toSorted((a, b) => a.localeCompare(b))).toEqual(["a", "b", "c"]);
  expect(get("b")).toBe(kept);
  expect(
    get("a")
      ?.rollout.views.latest()
      .rail.map(({ pct }) => pct),
  ).toEqual([5]);
  await expect.poll(() => views.at(-1)?.rail.map(({ pct }) => pct)).toEqual([5]);
  await expect.poll(() => ticksOf("c")).toBeGreaterThan(0);
  end();
  expect(await reload(next)).toEqual([]);
  expect(names()).not.toContain("c");
});

test.each([
  {
    name: "a plan with an error",
    next: () => ({ a: environment("a", { plan: { stages: [{ pct: 0, hold: "1h" }] } }) }),
    says: "environments.a.plan",
  },
  {
    name: "another store",
    next: () => ({ a: environment("a", { store: `file:${join(folder, "other.json")}` }) }),
    says: "a: a new store needs a restart",
  },
  {
    name: "a receiver without its secret",
    next: () => ({
      a: environment("a", {
        notify: [{ name: "pager", url: "https://a.example/", secretEnv: "OTHER" }],
      }),
      b: environment("b"),
    }),
    says: "notify pager: secretEnv names OTHER, which is not set",
  },
  { name: "no environment", next: () => ({}), says: "no environment names `evidence`" },
])("$name is refused with its findings, and nothing changes", async ({ next, says }) => {
  const { names, get, refused } = await lead({ a: environment("a") });
  const kept = get("a");
  const findings = await reload(next());
  expect(findings.join("\n")).toContain(says);
  expect(refused()).toEqual(findings);
  expect([names(), get("a")]).toEqual([["a"], kept]);
  expect(await reload({ a: environment("a") })).toEqual([]);
  expect(refused()).toEqual([]);
});

test("a rollout that is under way keeps its controller", async () => {
  const { get } = await lead({ a: environment("a"), b: environment("b") });
  await expect.poll(() => get("a")?.rollout.isReady()).toBe(true);
  const start = { command: "start", who: "ana", reason: "", id: "1" } as const;
  expect(await get("a")?.rollout.command(start)).toMatchObject({ accepted: true });
  expect(await reload({ b: environment("b") })).toEqual([
    "a is warming-up, and would be led by nobody: roll it back or reset it first",
  ]);
  expect(await reload({ a: environment("a", { operator: "bob" }), b: environment("b") })).toEqual(
    [],
  );
  expect(get("a")?.rollout.views.latest().state).toBe("warming-up");
});

interface Told {
  readonly kind: string;
  readonly what: string;
  readonly sentence: string;
}

const told = (server: ReceiverServer): Told[] =>
  server.got.map(({ body }) => (JSON.parse(body) as { data: Told }).data);

const stateOf = (name: string): string | undefined => led?.get(name)?.rollout.views.latest().state;

test("one that cannot be run is told to its receivers, and runs after a new config without a restart", async () => {
  const server = await startReceiver(
    () => ({ status: 204 }),
    () => Date.now(),
  );
  onTestFinished(async () => server.close());
  const notify = [{ name: "pager", url: server.url, secretEnv: "PAGER", allowPrivate: true }];
  const broken = join(folder, "state", "b.json");
  mkdirSync(join(folder, "state"));
  writeFileSync(broken, "7");
  const config = { a: environment("a"), b: environment("b", { notify }) };
  await lead(config);
  expect([stateOf("a"), stateOf("b")]).toEqual(["idle", "unavailable"]);
  await expect.poll(() => told(server)).toMatchObject([{ kind: "unavailable", what: "opened" }]);
  expect(told(server)[0]?.sentence).toContain("b.json is damaged");

  // It stays what it is, keeps no other one from a new config, and is told once.
  expect(await reload({ ...config, c: environment("c") })).toEqual([]);
  expect([stateOf("b"), stateOf("c")]).toEqual(["unavailable", "idle"]);
  rmSync(broken);
  expect(await reload(config)).toEqual([]);
  expect(stateOf("b")).toBe("idle");
  await expect
    .poll(() => told(server).map(({ kind, what }) => `${kind} ${what}`))
    .toEqual(["unavailable opened", "unavailable resolved"]);
});

test("one that nobody can tell the state of is not taken out of the config by a new one", async () => {
  mkdirSync(join(folder, "state"));
  writeFileSync(join(folder, "state", "b.json"), "7");
  await lead({ a: environment("a"), b: environment("b") });
  expect(await reload({ a: environment("a") })).toEqual([
    "b is unavailable, and would be led by nobody: roll it back, and start the controller without it",
  ]);
  expect(stateOf("b")).toBe("unavailable");
});

test("two of one store run apart once a new config gives one of them another store", async () => {
  const b = environment("b");
  await lead({ a: environment("a"), b, c: { ...b } });
  expect([stateOf("b"), stateOf("c")]).toEqual(["unavailable", "unavailable"]);
  expect(await reload({ a: environment("a"), b, c: environment("c") })).toEqual([]);
  expect([stateOf("b"), stateOf("c")]).toEqual(["idle", "idle"]);
  expect(await reload({ a: environment("a"), b, c: environment("c"), d: { ...b } })).toEqual([
    expect.stringMatching(/^d: its store is that of b too/),
  ]);
  expect(stateOf("d")).toBeUndefined();
});
