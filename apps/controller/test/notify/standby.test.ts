import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Holder } from "@edgezero/stores/coordination";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LeaderLook } from "../../src/environment/led-elsewhere.ts";
import type { StandbyEnvironment } from "../../src/environment/standby.ts";
import { standbyEnvironment } from "../../src/environment/standby.ts";
import { withTelling } from "../../src/environment/tell-standby.ts";
import { BEGIN } from "../stage.ts";
import { TestClock } from "../test-clock.ts";
import type { ReceiverServer } from "./receiver-server.ts";
import { SECRET, startReceiver } from "./receiver-server.ts";
import { SILENT } from "../silent-logger.ts";

const STORE = "redis://store.example:6379";
const PAGE_MS = 240_000;
const HOLDER: Holder = {
  who: "controller of shop@a",
  command: "lead",
  host: "a",
  pid: 7,
  since: new Date(BEGIN).toISOString(),
};
const LED: LeaderLook = { kind: "led", holder: HOLDER };
const UNKNOWN: LeaderLook = { kind: "unknown", why: "connect ECONNREFUSED" };

let folder: string;
let clock: TestClock;
let receiver: ReceiverServer;
let standby: StandbyEnvironment;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-standby-"));
  clock = new TestClock(BEGIN);
  receiver = await startReceiver(() => ({ status: 204 }));
  standby = open();
});
afterEach(async () => {
  await standby.close();
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

function open(): StandbyEnvironment {
  const notify = [{ name: "pager", url: receiver.url, secretEnv: "PAGER", allowPrivate: true }];
  const plan = {
    stages: [
      { pct: 10, hold: "1h" },
      { pct: 100, hold: "1h" },
    ],
    noData: { page: `${PAGE_MS / 1000}s` },
  };
  const shop = { store: STORE, evidence: ["scrape:http://gateway.example/metrics"], notify, plan };
  const loaded = { path: "", folder, config: { environments: { shop } } };
  const place = { variables: { PAGER: SECRET }, stateDir: folder, logger: SILENT };
  const facts = { name: "shop", store: STORE, look: LED, lostAt: null, safe: String };
  const shown = standbyEnvironment(facts, () => clock.wall());
  return withTelling(shown, "shop", STORE, loaded, place, clock);
}

/** Who leads is looked at, and those who follow have its view. */
async function look(found: LeaderLook): Promise<void> {
  standby.told(found);
  await new Promise((resolve) => void setImmediate(resolve));
}

const told = (): readonly (readonly [string, string])[] =>
  receiver.got.map(({ type, incident }) => [type.replace("edgezero.incident.", ""), incident]);

test("who leads cannot be read for as long as data may be missing: it is told once, and its end", async () => {
  clock.pass(1000);
  await look(UNKNOWN);
  clock.pass(PAGE_MS);
  const incident = `shop/unavailable-${BEGIN + 1000}`;
  await expect.poll(told).toEqual([["opened", incident]]);
  expect(receiver.got[0]?.body).toContain("it cannot be read which controller leads it");
  expect(standby.rollout.counts().pages).toEqual({ unavailable: 1 });
  await look({ ...UNKNOWN, why: "another fault" });
  clock.pass(PAGE_MS);
  await look(LED);
  await expect.poll(told).toEqual([
    ["opened", incident],
    ["resolved", incident],
  ]);
});

test("it can be read again before that: nothing is told, and the next time has its own grace", async () => {
  await look(UNKNOWN);
  clock.pass(PAGE_MS - 1);
  await look(LED);
  clock.pass(1);
  await look(UNKNOWN);
  clock.pass(PAGE_MS - 1);
  expect(standby.rollout.counts().pages).toEqual({});
  clock.pass(1);
  await expect.poll(told).toEqual([["opened", `shop/unavailable-${BEGIN + PAGE_MS}`]]);
});

test("the process ends before the end of it: the next one that stands by tells that", async () => {
  await look(UNKNOWN);
  clock.pass(PAGE_MS);
  const incident = `shop/unavailable-${BEGIN}`;
  await expect.poll(told).toEqual([["opened", incident]]);
  // A process that ends before it has heard the answer tells it again, as it must.
  await expect.poll(() => standby.notifier.read().receivers[0]?.delivered).toBe(1);
  await standby.close();
  standby = open();
  await expect.poll(told).toEqual([
    ["opened", incident],
    ["resolved", incident],
  ]);
});
