import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@edgezero/control-api/client";
import type { ControllerClient } from "@edgezero/control-api/client";
import { CONTROLLER_SETTINGS, readSettings } from "@edgezero/settings";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { startController } from "../src/start.ts";
import { leaveRollout } from "./left-rollout.ts";

const SILENT = { debug() {}, info() {}, warn() {}, error() {}, isLevelEnabled: () => false };
const SCRAPE = "scrape:http://127.0.0.1:9/metrics";
const PLAN = [
  { pct: 10, hold: "30m" },
  { pct: 100, hold: "1h" },
];

let folder: string;
const running: { stop: () => Promise<unknown> }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-start-"));
  mkdirSync(join(folder, "state"));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map(async (controller) => controller.stop()));
  rmSync(folder, { recursive: true, force: true });
});

/** An environment with a store of its own, unless it is given another. */
function environment(store: string, more: object = {}): object {
  const values = { edgezero_enabled: "true", edgezero_rollout_pct: "0" };
  writeFileSync(join(folder, store), JSON.stringify(values));
  return { store: `file:${join(folder, store)}`, evidence: [SCRAPE], plan: PLAN, ...more };
}

interface Started {
  readonly client: ControllerClient;
  readonly get: (path: string) => Promise<{ status: number; text: string }>;
}

async function start(environments: Record<string, object>): Promise<Started> {
  const config = join(folder, "edgezero.config.json");
  writeFileSync(config, JSON.stringify({ environments }));
  const variables: Record<string, string> = { PORT: "0", STATE_DIR: join(folder, "state") };
  const settings = readSettings(CONTROLLER_SETTINGS, (name) => variables[name]);
  const controller = await startController(settings, config, SILENT);
  running.push(controller);
  const get = async (path: string): Promise<{ status: number; text: string }> => {
    const response = await fetch(`${controller.url}${path}`);
    return { status: response.status, text: await response.text() };
  };
  return { client: createClient({ url: controller.url }), get };
}

/** Leaves a rollout at 10% of an environment and its store, as an earlier process does. */
async function leave(name: string, store: string): Promise<void> {
  await leaveRollout({
    stateDir: join(folder, "state"),
    environment: name,
    store: `file:${join(folder, store)}`,
  });
  writeFileSync(
    join(folder, store),
    JSON.stringify({ edgezero_enabled: "true", edgezero_rollout_pct: "10" }),
  );
}

async function expectUnavailable(
  { client, get }: Started,
  name: string,
  why: RegExp,
): Promise<void> {
  const view = await client.environment(name);
  expect(view).toMatchObject({ state: "unavailable", pct: null });
  expect(view.sentence).toMatch(why);
  expect(view.pages).toMatchObject([{ reason: "unavailable" }]);
  expect((await get("/readyz")).status).toBe(503);
  const { text } = await get("/metrics");
  expect(text).toContain(`edgezero_controller_state{environment="${name}",state="unavailable"} 1`);
  expect(text).toContain(`edgezero_controller_paging{environment="${name}"} 1`);
  const request = { command: "start", who: "ana", reason: "", id: "1" } as const;
  expect(await client.command(name, request)).toMatchObject({ accepted: false });
}

test("a damaged state stops its environment alone, which shows why and pages", async () => {
  writeFileSync(join(folder, "state", "staging.json"), '{"version": 2, "rollo');
  const started = await start({
    production: environment("a.json"),
    staging: environment("b.json"),
  });
  await expectUnavailable(started, "staging", /staging\.json is damaged.*move the file away/);
  await expect.poll(async () => (await started.client.environment("production")).pct).toBe(0);
  expect(readFileSync(join(folder, "state", "staging.json"), "utf8")).toContain("rollo");
});

test("where no environment can be run it refuses to start, and says why of each", async () => {
  writeFileSync(join(folder, "state", "staging.json"), "7");
  await expect(start({ staging: environment("b.json") })).rejects.toThrow(
    /^staging: .*staging\.json is damaged/,
  );
});

test("two environments of one store are refused, and a third one runs", async () => {
  const other = environment("b.json");
  const started = await start({
    production: environment("a.json"),
    staging: other,
    testing: { ...other, store: `file:${folder}/./b.json` },
  });
  await expectUnavailable(started, "staging", /its store is that of testing too/);
  await expectUnavailable(started, "testing", /its store is that of staging too/);
  await expect.poll(async () => (await started.client.environment("production")).pct).toBe(0);
});

test("an environment whose evidence was taken out while clients are on EdgeZero is held, and says so", async () => {
  const store = environment("b.json", { evidence: undefined });
  await leave("staging", "b.json");
  const started = await start({ production: environment("a.json"), staging: store });
  await expect
    .poll(async () => started.client.environment("staging"), { timeout: 10_000 })
    .toMatchObject({ state: "held", reason: "blind", stage: 1, pct: 10 });
  const { sources } = await started.client.environment("staging");
  expect(sources).toMatchObject([
    { name: "scrape", missing: expect.stringContaining("the config has no such source") },
  ]);
});

test("an environment that the config does not have any more is shown while clients are on EdgeZero", async () => {
  await leave("staging", "b.json");
  const started = await start({ production: environment("a.json") });
  await expectUnavailable(
    started,
    "staging",
    /the config has no environment staging.* left at 10%/,
  );
  const store = `file:${join(folder, "b.json")}`;
  expect(await started.client.environment("staging")).toMatchObject({
    store,
    // By its name the command would not find it.
    waitsFor: expect.stringContaining(`edgezero-rollout rollback --store ${store}`),
  });
});

test("an environment without evidence in which nothing is exposed is none of the controller's", async () => {
  const started = await start({
    production: environment("a.json"),
    staging: environment("b.json", { evidence: undefined }),
  });
  const { environments } = await started.client.environments();
  expect(environments.map(({ name }) => name)).toEqual(["production"]);
});

describeWithRedis("a rollout in a Redis that the config does not have any more", () => {
  test.each([
    { name: "one that ended elsewhere pages nobody", pct: "0", shown: ["production"] },
    { name: "one with clients on EdgeZero is shown", pct: "10", shown: ["production", "staging"] },
  ])("$name", async ({ pct, shown }) => {
    const redis = await startRedis();
    onTestFinished(async () => redis.close());
    await redis.write({ edgezero_enabled: "true", edgezero_rollout_pct: pct });
    const stateDir = join(folder, "state");
    await leaveRollout({ stateDir, environment: "staging", store: redis.url });
    const started = await start({ production: environment("a.json") });
    const { environments } = await started.client.environments();
    expect(environments.map(({ name }) => name).toSorted()).toEqual(shown);
  });

  test("where nobody can tell it is shown, and that is said", async () => {
    const store = "redis://***@127.0.0.1:1";
    await leaveRollout({ stateDir: join(folder, "state"), environment: "staging", store });
    const started = await start({ production: environment("a.json") });
    await expectUnavailable(
      started,
      "staging",
      /left at 10% in .* when this host led it last, and another controller may have ended it since/,
    );
    expect((await started.client.environment("production")).state).not.toBe("unavailable");
  });
});
