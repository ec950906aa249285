import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Holder } from "../coordination.ts";
import { thisHolder } from "../holder.ts";
import { tryHold } from "./exclusive-file.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-lock-"));
  path = join(folder, "rollout.audit.lock");
});
afterEach(() => rmSync(folder, { recursive: true }));

const ann = thisHolder("ann", "set");
const bob = thisHolder("bob", "set");
const deadPid = (): number => spawnSync(process.execPath, ["-e", ""]).pid;

function leave(holder: Partial<Holder>): void {
  writeFileSync(path, JSON.stringify({ ...ann, ...holder }));
}

test("one of many gets it, and the others are told who that is", async () => {
  const holds = await Promise.all(Array.from({ length: 20 }, () => tryHold(path, ann, 60_000)));
  expect(holds.filter(({ isOurs }) => isOurs)).toHaveLength(1);
  expect(holds.find(({ isOurs }) => !isOurs)).toMatchObject({ holder: ann });
});

test("it can be had again once it was given back, and nothing is left", async () => {
  const hold = await tryHold(path, ann, 60_000);
  if (hold.isOurs) await hold.release();
  expect(readdirSync(folder)).toEqual([]);
  expect(await tryHold(path, bob, 60_000)).toMatchObject({ isOurs: true, takenFrom: null });
});

test.each([
  ["a process of this host that is gone", (): Partial<Holder> => ({ pid: deadPid() })],
  // This process has its number, and started later.
  ["a process of this host whose number another one has", () => ({ start: "an-older-boot/7" })],
  ["one of another host, of long ago", () => ({ host: "other", since: "2020-01-01T00:00:00Z" })],
  ["one that is alive, of long ago", () => ({ since: "2020-01-01T00:00:00Z" })],
])("is taken over from %s", async (_, holder) => {
  const left = holder();
  leave(left);
  expect(await tryHold(path, bob, 60_000)).toMatchObject({ isOurs: true, takenFrom: left });
});

test.each([
  ["one that is alive", {}],
  ["one of another host with a start of its own", { host: "other", start: "another-boot/7" }],
  ["one of another host, whose processes cannot be seen", { host: "other", pid: 1 }],
])("is not taken over from %s", async (_, holder) => {
  leave(holder);
  expect(await tryHold(path, bob, 60_000)).toMatchObject({ isOurs: false, holder });
});

test("is not taken over from one that is alive, and does not say when it started", async () => {
  leave({ start: null });
  expect(await tryHold(path, bob, 60_000)).toMatchObject({ isOurs: false });
});

test("one that holds something else is held until it is old", async () => {
  writeFileSync(path, "not of this tool");
  expect(await tryHold(path, bob, 60_000)).toMatchObject({
    isOurs: false,
    holder: { who: "unknown" },
  });
  utimesSync(path, 0, 0);
  expect(await tryHold(path, bob, 60_000)).toMatchObject({ isOurs: true });
});

test("of many that take over a stale one, one gets it, and is told whose it was", async () => {
  const left = { pid: deadPid(), host: hostname() };
  for (let i = 0; i < 20; i++) {
    leave(left);
    const holds = await Promise.all(Array.from({ length: 8 }, () => tryHold(path, bob, 60_000)));
    const ours = holds.filter(({ isOurs }) => isOurs);
    expect(ours).toMatchObject([{ takenFrom: left }]);
    rmSync(path);
  }
});

test("whose it was is told once, also where the one that moved it away did not come next", async () => {
  // As a process leaves it that is killed before it creates its own.
  writeFileSync(`${path}.ended`, JSON.stringify({ ...ann, pid: deadPid() }));
  const first = await tryHold(path, bob, 60_000);
  expect(first).toMatchObject({ isOurs: true, takenFrom: { who: "ann" } });
  if (first.isOurs) await first.release();
  expect(readdirSync(folder)).toEqual([]);
  expect(await tryHold(path, bob, 60_000)).toMatchObject({ isOurs: true, takenFrom: null });
});
