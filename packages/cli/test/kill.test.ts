import { spawn } from "node:child_process";
import { once } from "node:events";
import type { FSWatcher } from "node:fs";
import { existsSync, readFileSync, watch } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { followTrail } from "../src/audit/read-trail.ts";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";
import { cliEnv, MAIN } from "./run-cli.ts";

let operator: Operator;

beforeEach(() => {
  operator = createOperator();
});
afterEach(() => operator.cleanUp());

/** Runs a command and kills it once `isDue` says so of the n-th event in its folder. */
async function runUntil(args: string[], isDue: (event: number) => boolean): Promise<number> {
  let events = 0;
  const env = cliEnv({ EDGEZERO_STORE: "file:./rollout.json" });
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: operator.folder,
    env,
    stdio: "ignore",
  });
  const watcher: FSWatcher = watch(operator.folder, () => {
    if (isDue(++events)) child.kill("SIGKILL");
  });
  await once(child, "close");
  watcher.close();
  return events;
}

async function killAfter(args: string[], ms: number): Promise<void> {
  const env = cliEnv({ EDGEZERO_STORE: "file:./rollout.json" });
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: operator.folder,
    env,
    stdio: "ignore",
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), ms);
  await once(child, "close");
  clearTimeout(timer);
}

/** What must hold wherever `set` was killed, and what the next commands must then say and mend. */
async function expectWhole(from: string, to: string): Promise<"before" | "amid" | "after"> {
  const held = operator.values()["edgezero_rollout_pct"] ?? "";
  expect([from, to]).toContain(held);
  const content = existsSync(operator.trailPath) ? readFileSync(operator.trailPath) : "";
  const { entries, problems } = followTrail(operator.trailPath, Buffer.from(content));
  expect(problems).toEqual([]);
  const last = entries.findLast((entry) => entry.kind !== "note");
  const isAmid = last?.kind === "intent";
  // Before it was recorded, or after all was done, the trail says what the store holds.
  const recorded = last?.kind === "result" ? last.values?.edgezero_rollout_pct : from;
  expect(held).toBe(isAmid ? held : recorded);

  const text = `an earlier change (${from} -> ${to} by ann@test at ${last?.at}) did not finish; the store now holds ${held}`;
  const notices = isAmid ? [{ kind: "unfinished-change", text }] : [];
  const status = await operator.run("status --json");
  expect(status.document["notices"]).toEqual(notices);
  const next = await operator.run("set 1 --json");
  expect(next.code).toBe(0);
  expect(next.document["notices"]).toEqual(notices);
  expect((await operator.run("log --verify")).code).toBe(0);
  expect((await operator.run("status --json")).document["notices"]).toEqual([]);
  expect(operator.values()).toEqual({ ...AT_10, edgezero_rollout_pct: "1" });
  return isAmid ? "amid" : last === undefined ? "before" : "after";
}

describe("kill -9 in the middle of set leaves the old value or the new one, and the next command says so", () => {
  test("at each event in its folder", { timeout: 300_000 }, async () => {
    // As many as a run that is not killed causes.
    const all = await runUntil(["set", "50", "--yes"], () => false);
    expect(all).toBeGreaterThan(10);
    const found = new Set<string>();
    for (let due = 1; due <= all; due++) {
      operator.cleanUp();
      operator = createOperator();
      await runUntil(["set", "50", "--yes"], (event) => event >= due);
      found.add(await expectWhole("10", "50"));
    }
    expect(found).toContain("before");
    expect(found).toContain("amid");
  });

  test("at random moments", { timeout: 300_000 }, async () => {
    const found: string[] = [];
    for (let round = 0; round < 12; round++) {
      operator.cleanUp();
      operator = createOperator();
      await killAfter(["set", "50", "--yes"], 60 + Math.random() * 200);
      found.push(await expectWhole("10", "50"));
    }
    expect(found).toHaveLength(12);
  });
});

test(
  "kill -9 in the middle of rollback, at each event: the next rollback is verified",
  { timeout: 300_000 },
  async () => {
    const all = await runUntil(["rollback"], () => false);
    for (let due = 1; due <= all; due++) {
      operator.put(AT_10);
      await runUntil(["rollback"], (event) => event >= due);
      expect(["0", "10"]).toContain(operator.values()["edgezero_rollout_pct"]);
      expect((await operator.run("rollback")).code).toBe(0);
      expect(operator.values()["edgezero_rollout_pct"]).toBe("0");
      expect((await operator.run("log --verify")).code).toBe(0);
    }
  },
);
