import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { unavailableView } from "@edgezero/control-api/unavailable-view";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { TakenLease } from "../../src/notify/incident.ts";
import type { Notifier } from "../../src/notify/notifier.ts";
import { openNotifier } from "../../src/notify/notifier.ts";
import { openReceiver } from "../../src/notify/receiver.ts";
import { stateFile } from "../../src/state/state-file.ts";
import { VIEW } from "../api/fake-environments.ts";
import { ask, BEGIN, Stage, stateOf } from "../stage.ts";
import { TestClock } from "../test-clock.ts";
import type { Answer, ReceiverServer } from "./receiver-server.ts";
import { SECRET, startReceiver } from "./receiver-server.ts";
import { SILENT } from "../silent-logger.ts";

const DAY = 86_400_000;
const TAKEN: Answer = { status: 204 };

let folder: string;
let clock: TestClock;
const ends: (() => Promise<void>)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-notify-"));
  clock = new TestClock(BEGIN);
});
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
  rmSync(folder, { recursive: true, force: true });
});

async function receiver(answer: (count: number) => Answer): Promise<ReceiverServer> {
  const server = await startReceiver(answer, () => clock.wall());
  ends.push(async () => server.close());
  return server;
}

async function notifier(
  url: string,
  { file = "a.notify.json", limitMs = 5000, at = clock, taken = null as TakenLease | null } = {},
): Promise<Notifier> {
  const config = { name: "pager", url, secretEnv: "PAGER", allowPrivate: true };
  const opened = await openNotifier({
    name: "production",
    location: "file:/rollout.json",
    receivers: [openReceiver(config, { PAGER: SECRET }, { limitMs })],
    file: stateFile(join(folder, file)),
    page: "http://127.0.0.1:8790/",
    silenceMs: () => 300_000,
    leads: async () => true,
    taken,
    clock: at,
    logger: SILENT,
    random: () => 0,
  });
  ends.push(async () => opened.close());
  return opened;
}

/** A view with these pages, at the present time. */
function view(...reasons: readonly ("share" | "blind" | "rollback-unverified")[]): EnvironmentView {
  const since = BEGIN;
  const pages = reasons.map((reason) => ({ incident: `${reason}-1`, reason, since, at: since }));
  return { ...VIEW, at: clock.wall(), state: "held", pages };
}

/** Lets time pass in steps until something is so, and stand while a request is under way. */
async function passUntil(isSo: () => boolean, most = 10_000, stepMs = 1000): Promise<void> {
  for (let passed = 0; passed < most && !isSo();) {
    if (clock.sleepers > 0) {
      clock.pass(stepMs);
      passed += 1;
    }
    await new Promise((resolve) => void setImmediate(resolve));
  }
  expect(isSo()).toBe(true);
}

const delivered = (opened: Notifier): number => opened.read().receivers[0]?.delivered ?? 0;
const failed = (opened: Notifier): number => opened.read().receivers[0]?.failed ?? 0;

test("a page arrives once for each incident at a receiver that fails half of the time", async () => {
  let random = 12_345;
  const half = (): Answer => {
    random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
    return random / 2 ** 31 < 0.5 ? { status: 503 } : TAKEN;
  };
  const server = await receiver(half);
  const pager = await notifier(server.url);
  const incidents = 40;
  for (let i = 0; i < incidents; i += 1) {
    const page = { incident: "", reason: "share", since: BEGIN + i, at: BEGIN + i } as const;
    pager.observe({ ...VIEW, at: clock.wall(), pages: [page] });
    pager.observe({ ...VIEW, at: clock.wall(), pages: [] });
  }
  await pager.settled();
  await passUntil(() => delivered(pager) === 2 * incidents);
  const taken = server.got.filter(({ isTaken }) => isTaken).map(({ id }) => id);
  expect(new Set(taken).size).toBe(2 * incidents);
  expect(taken).toHaveLength(2 * incidents);
  expect(failed(pager)).toBeGreaterThan(20);
  expect(server.faults).toEqual([]);
  expect(pager.read().dead).toEqual([]);
});

test("it is a CloudEvent that says what, since when, what to type and where to look", async () => {
  const server = await receiver(() => TAKEN);
  const pager = await notifier(server.url);
  pager.observe(view("share"));
  await expect.poll(() => server.got.length).toBe(1);
  const { headers, body, id } = server.got[0] ?? { headers: {}, body: "", id: "" };
  expect(headers["content-type"]).toMatch(/^application\/cloudevents\+json/);
  expect(JSON.parse(body)).toMatchObject({
    specversion: "1.0",
    id,
    source: "/edgezero/controller/production",
    type: "edgezero.incident.opened",
    subject: `production/share-${BEGIN}`,
    time: "2026-11-26T12:00:00.000Z",
    data: {
      environment: "production",
      kind: "share",
      since: "2026-11-26T12:00:00.000Z",
      commands: [
        "edgezero-rollout explain --env production",
        "edgezero-rollout rollback --env production",
      ],
      link: "http://127.0.0.1:8790/#/production",
    },
  });
});

test("a lease that was taken over is told once, and as over", async () => {
  const server = await receiver(() => TAKEN);
  const taken = { at: BEGIN, from: "Process 7 on there" };
  const pager = await notifier(server.url, { taken });
  for (let i = 0; i < 3; i += 1) pager.observe({ ...VIEW, at: clock.wall(), pages: [] });
  await expect.poll(() => delivered(pager)).toBe(2);
  await pager.close();
  const again = await notifier(server.url, { taken });
  again.observe({ ...VIEW, at: clock.wall(), pages: [] });
  await again.settled();
  expect(server.got.map(({ type, incident }) => [type, incident])).toEqual([
    ["edgezero.incident.opened", `production/lease-${BEGIN}`],
    ["edgezero.incident.resolved", `production/lease-${BEGIN}`],
  ]);
  expect(server.got[0]?.body).toContain("Process 7 on there did not renew its lease.");
});

test("a store that is not read is told once it is so for as long as a source may be silent", async () => {
  const server = await receiver(() => TAKEN);
  const pager = await notifier(server.url);
  const look = (unreadMs: number | null): void => {
    const at = clock.wall();
    const storeUnreadSince = unreadMs === null ? null : at - unreadMs;
    pager.observe({ ...VIEW, at, pages: [], storeUnreadSince });
  };
  look(299_999);
  look(300_000);
  look(301_000);
  look(null);
  await expect.poll(() => delivered(pager)).toBe(2);
  expect(server.got.map(({ type }) => type)).toEqual([
    "edgezero.incident.opened",
    "edgezero.incident.resolved",
  ]);
  const [told] = server.got.map(({ body }) => JSON.parse(body) as { data: { sentence: string } });
  expect(told?.data).toMatchObject({
    kind: "store",
    title: "production: the store CANNOT BE READ",
    sentence:
      "The store was last read at 2026-11-26T11:55:00.000Z: it may have other values by now.",
  });
});

test("a 0 that cannot be written is told alone: the store that is not read says no more", async () => {
  const server = await receiver(() => TAKEN);
  const pager = await notifier(server.url);
  const at = clock.wall();
  const page = { incident: "", reason: "not-written", since: at, at } as const;
  pager.observe({ ...VIEW, at, pages: [page], storeUnreadSince: at - 600_000 });
  await expect.poll(() => delivered(pager)).toBe(1);
  expect(server.got.map(({ incident }) => incident)).toEqual([`production/not-written-${at}`]);
});

test("one that hangs is left after a while, and gets it later under the same id", async () => {
  const server = await receiver((count) => (count === 0 ? "hang" : TAKEN));
  const pager = await notifier(server.url, { limitMs: 1000 });
  pager.observe(view("share"));
  await expect.poll(() => failed(pager)).toBe(1);
  expect(pager.read().receivers[0]).toMatchObject({ waiting: 1, why: "no answer in 1000 ms" });
  await passUntil(() => delivered(pager) === 1, 10);
  expect(new Set(server.got.map(({ id }) => id)).size).toBe(1);
});

test("one that takes it and says nothing gets it again under the same id", async () => {
  const server = await receiver((count) => (count === 0 ? "close" : TAKEN));
  const pager = await notifier(server.url);
  pager.observe(view("share"));
  await expect.poll(() => failed(pager)).toBe(1);
  await passUntil(() => delivered(pager) === 1, 10);
  expect(server.got.map(({ id }) => id)).toEqual([server.got[0]?.id, server.got[0]?.id]);
});

test("429 with Retry-After is obeyed", async () => {
  const server = await receiver((count) =>
    count === 0 ? { status: 429, headers: { "retry-after": "120" } } : TAKEN,
  );
  const pager = await notifier(server.url);
  const begun = clock.wall();
  pager.observe(view("share"));
  await expect.poll(() => failed(pager)).toBe(1);
  await passUntil(() => delivered(pager) === 1, 200);
  const sentAt = server.got.map(({ headers }) => Number(headers["webhook-timestamp"]) * 1000);
  expect((sentAt[1] ?? 0) - begun).toBeGreaterThanOrEqual(120_000);
});

test("a redirect is not followed", async () => {
  const other = await receiver(() => TAKEN);
  const server = await receiver(() => ({ status: 307, headers: { location: other.url } }));
  const pager = await notifier(server.url);
  pager.observe(view("share"));
  await expect.poll(() => failed(pager)).toBe(1);
  expect(other.connections()).toBe(0);
  expect(pager.read().receivers[0]?.why).toContain("307, and redirects are not followed");
});

test("nobody hears of it in a day: it is dead, and says so; the next incident is tried", async () => {
  let isUp = false;
  const server = await receiver(() => (isUp ? TAKEN : { status: 500 }));
  const pager = await notifier(server.url);
  pager.observe(view("share"));
  await passUntil(() => pager.read().dead.length === 1, 5000, 30_000);
  expect(clock.wall() - BEGIN).toBeGreaterThan(DAY - 3_600_000);
  expect(pager.read()).toMatchObject({
    dead: [{ receiver: "pager", incident: `production/share-${BEGIN}`, why: "the status is 500" }],
    receivers: [{ waiting: 0, delivered: 0 }],
  });
  isUp = true;
  pager.observe(view("share", "blind"));
  await expect.poll(() => delivered(pager)).toBe(1);
});

test("a process that was killed leaves its messages, and who was told, to the next one", async () => {
  let isUp = false;
  const server = await receiver(() => (isUp ? TAKEN : { status: 500 }));
  const pager = await notifier(server.url);
  pager.observe(view("share"));
  await expect.poll(() => failed(pager)).toBe(1);
  await pager.settled();
  // The file as a kill would have left it.
  copyFileSync(join(folder, "a.notify.json"), join(folder, "b.notify.json"));
  await pager.close();
  isUp = true;
  const next = await notifier(server.url, { file: "b.notify.json" });
  next.observe(view("share"));
  await passUntil(() => delivered(next) === 1, 60);
  next.observe(view());
  await expect.poll(() => delivered(next)).toBe(2);
  const taken = server.got.filter(({ isTaken }) => isTaken);
  expect(taken.map(({ type }) => type)).toEqual([
    "edgezero.incident.opened",
    "edgezero.incident.resolved",
  ]);
  expect(taken[0]?.id).toBe(server.got[0]?.id);
});

test("a name that leads to a private network is not connected to", async () => {
  const server = await receiver(() => TAKEN);
  const { port } = new URL(server.url);
  const config = { name: "pager", url: `https://pager.test:${port}/`, secretEnv: "PAGER" };
  let count = 0;
  // A public address for whoever looks first, and this machine's for who looks next.
  const resolve = async (): Promise<{ address: string; family: number }[]> => {
    count += 1;
    return [{ address: count % 2 === 1 ? "127.0.0.1" : "8.8.8.8", family: 4 }];
  };
  const opened = openReceiver(config, { PAGER: SECRET }, { resolve, limitMs: 1000 });
  const attempt = await opened.send("msg_1", "{}", BEGIN, new AbortController().signal);
  await opened.close();
  expect(attempt).toMatchObject({ kind: "failed" });
  expect(attempt).toMatchObject({
    why: expect.stringContaining("127.0.0.1 is not a public address"),
  });
  expect(server.connections()).toBe(0);
});

test("a name is looked up once for a connection, which goes to the address that was checked", async () => {
  const server = await receiver(() => TAKEN);
  const { port } = new URL(server.url);
  const url = `http://pager.test:${port}/`;
  const config = { name: "pager", url, secretEnv: "PAGER", allowPrivate: true };
  let count = 0;
  const resolve = async (): Promise<{ address: string; family: number }[]> => {
    count += 1;
    return [{ address: "127.0.0.1", family: 4 }];
  };
  const opened = openReceiver(config, { PAGER: SECRET }, { resolve });
  const stop = new AbortController().signal;
  const attempt = await opened.send("msg_1", '{"data":{"incident":"a"}}', BEGIN, stop);
  await opened.close();
  expect([attempt, count]).toEqual([{ kind: "delivered" }, 1]);
  expect(server.got[0]?.headers.host).toBe(`pager.test:${port}`);
});

test("a real rollback is told when it begins and when it has ended, once", async () => {
  const stage = new Stage();
  ends.push(async () => stage.remove());
  clock = stage.clock;
  const server = await receiver(() => TAKEN);
  const rollout = await stage.open();
  const pager = await notifier(server.url);
  rollout.views.subscribe(null, (_, each) => pager.observe(each));
  await stage.step(rollout);
  await ask(rollout, "start");
  await stage.until(rollout, "observing");
  stage.site.failing.canary = 1;
  await stage.until(rollout, "rolling-back", 3);
  stage.site.failing.canary = 0;
  await stage.until(rollout, "rolled-back", 3);
  for (let i = 0; i < 5; i += 1) await stage.step(rollout);
  expect(stateOf(rollout)).toBe("rolled-back");
  await expect.poll(() => delivered(pager)).toBe(2);
  await rollout.close();
  const told = server.got.map(({ type, incident }) => [type, incident.replace(/\d+$/, "N")]);
  expect(told).toEqual([
    ["edgezero.incident.opened", "test/rollback-N"],
    ["edgezero.incident.resolved", "test/rollback-N"],
  ]);
  const { data } = JSON.parse(server.got[1]?.body ?? "") as { data: { done: string[] } };
  expect(data.done.join(" ")).toContain("Wrote 0.");
});

test("of a rollout that cannot be run nothing is told to be over", async () => {
  const server = await receiver(() => TAKEN);
  const pager = await notifier(server.url);
  pager.observe(view("share"));
  const since = clock.wall();
  const facts = { name: "production", why: "its state is damaged", waitsFor: "", store: null };
  pager.observe(unavailableView({ ...facts, since, at: since }));
  await expect.poll(() => server.got.length).toBe(2);
  const kinds = (): string[] =>
    server.got.map(({ body }) => {
      const { data } = JSON.parse(body) as { data: { kind: string; what: string } };
      return `${data.kind} ${data.what}`;
    });
  expect(kinds()).toEqual(["share opened", "unavailable opened"]);
  pager.observe(view("share"));
  await expect.poll(() => server.got.length).toBe(3);
  expect(kinds().at(-1)).toBe("unavailable resolved");
  expect(pager.read().open.map(({ kind }) => kind)).toEqual(["share"]);
});
