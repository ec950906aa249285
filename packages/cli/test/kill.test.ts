import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import { journalStateOf } from "@edgezero/operations/journal/journal-state";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";
import { cliEnv, MAIN } from "./run-cli.ts";
import { runStepped } from "./run-stepped.ts";

/** Runs a command, killed just before the change of a file with this number, from 1. */
const runUntil = async (
  operator: Operator,
  args: readonly string[],
  due: number,
): Promise<number> =>
  runStepped(operator, args, ({ number, kill }) => {
    if (number === due) kill();
  });

/** Runs a command, killed after a time. */
async function runFor({ folder }: Operator, args: readonly string[], ms: number): Promise<void> {
  const env = cliEnv({ EDGEZERO_STORE: "file:./rollout.json" });
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env, stdio: "ignore" });
  const timer = setTimeout(() => child.kill("SIGKILL"), ms);
  await once(child, "close");
  clearTimeout(timer);
}

async function withOperator<T>(action: (operator: Operator) => Promise<T>): Promise<T> {
  const operator = createOperator();
  try {
    return await action(operator);
  } finally {
    operator.cleanUp();
  }
}

/** Runs `action` for 1 to `count`, two at once. */
async function forEach(count: number, action: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) await action(++next);
  };
  await Promise.all([work(), work()]);
}

/** What must hold wherever `set` was killed, and what the next commands must then say and mend. */
async function expectWhole(operator: Operator): Promise<"before" | "amid" | "after"> {
  const held = operator.values()["edgezero_rollout_pct"] ?? "";
  expect(["10", "50"]).toContain(held);
  const { entries, findings } = await openFileJournal(operator.trailPath).read();
  expect(findings).toEqual([]);
  const last = entries.findLast((entry) => entry.kind !== "note");
  const isAmid = last?.kind === "intent";
  // Before it was recorded, or after all was done, the trail says what the store holds.
  const recorded = last?.kind === "result" ? last.values?.edgezero_rollout_pct : "10";
  expect(held).toBe(isAmid ? held : recorded);

  const text = `an earlier change (10 -> 50 by ann@test at ${last?.at}) did not finish; the store now holds ${held}`;
  const notes = isAmid ? [{ kind: "unfinished-change", text }] : [];
  expect((await operator.run("status --json")).document["notes"]).toEqual(notes);
  const next = await operator.run("set 1 --json");
  expect(next.code).toBe(0);
  expect(next.document["notes"]).toEqual(notes);
  expect(operator.values()).toEqual({ ...AT_10, edgezero_rollout_pct: "1" });
  const after = await openFileJournal(operator.trailPath).read();
  expect(after.findings).toEqual([]);
  expect(journalStateOf(after.entries).unfinished).toEqual([]);
  return isAmid ? "amid" : last === undefined ? "before" : "after";
}

const SET = ["set", "50", "--yes"];

describe("kill -9 in the middle of set leaves the old value or the new one, and the next command says so", () => {
  test("before each change of a file", { timeout: 300_000 }, async () => {
    // As many as a run that is not killed causes.
    const all = await withOperator(async (operator) => runUntil(operator, SET, Infinity));
    expect(all).toBeGreaterThan(10);
    const found = new Set<string>();
    await forEach(all, async (due) =>
      withOperator(async (operator) => {
        await runUntil(operator, SET, due);
        found.add(await expectWhole(operator));
      }),
    );
    expect(found).toContain("before");
    expect(found).toContain("amid");
  });

  test("at random moments", { timeout: 300_000 }, async () => {
    const found: string[] = [];
    await forEach(8, async () =>
      withOperator(async (operator) => {
        await runFor(operator, SET, 60 + Math.random() * 200);
        found.push(await expectWhole(operator));
      }),
    );
    expect(found).toHaveLength(8);
  });
});

test(
  "kill -9 in the middle of rollback, before each change of a file: the next rollback writes",
  { timeout: 300_000 },
  async () => {
    const all = await withOperator(async (operator) => runUntil(operator, ["rollback"], Infinity));
    await forEach(all, async (due) =>
      withOperator(async (operator) => {
        await runUntil(operator, ["rollback"], due);
        expect(["0", "10"]).toContain(operator.values()["edgezero_rollout_pct"]);
        expect((await operator.run("rollback --accept-unverified")).code).toBe(0);
        expect(operator.values()["edgezero_rollout_pct"]).toBe("0");
        expect((await openFileJournal(operator.trailPath).read()).findings).toEqual([]);
      }),
    );
  },
);
