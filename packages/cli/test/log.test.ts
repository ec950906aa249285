import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Operator } from "./operator.ts";
import { createOperator } from "./operator.ts";

let operator: Operator;

beforeEach(async () => {
  operator = createOperator();
  await operator.run("set 5 --yes");
});
afterEach(() => operator.cleanUp());

test("a change is one row, with the numbers of both its entries", async () => {
  operator.put({ edgezero_enabled: "true", edgezero_rollout_pct: "7" });
  await operator.run("set 3 --yes");
  const { stdout } = await operator.run("log");
  const [header = "", ...rows] = stdout.trimEnd().split("\n");
  expect(header).toMatch(/^entries {2}at +who +result +what$/);
  expect(rows.map((row) => /^(\d+(?:, \d+)?) +\S+ +\S+ +(\S+)/.exec(row)?.slice(1))).toEqual([
    ["1, 2", "written"],
    ["3", "note"],
    ["4, 5", "written"],
  ]);
  expect((await operator.run("log --verify")).stdout).toContain("whole: 5 entries");
});

test("a change that no gateway has proven is written, and not verified", async () => {
  await operator.run("rollback");
  const { stdout } = await operator.run("log");
  expect(stdout).toMatch(/ written +set 10 -> 5$/m);
  expect(stdout).toMatch(/ unverified +rollback to 0: .+ in the config file.*; the store held /);
  expect(stdout).not.toMatch(/ verified /);
});

test("what --verify finds is named by its line, and by the number that log shows", async () => {
  appendFileSync(operator.trailPath, '{"torn');
  await operator.run("set 4 --yes");
  const whole = readFileSync(operator.trailPath, "utf8");
  writeFileSync(operator.trailPath, whole.replace('"to":{"edgezero_rollout_pct":"4"}', '"to":{}'));
  const { code, stdout } = await operator.run("log --verify");
  expect(code).toBe(9);
  expect(stdout).toContain("\nline 6 (entry 5): does not fit the entry before it");
  expect((await operator.run("log")).stdout).toMatch(/^4, 5 /m);
  expect((await operator.run("log --json")).document["findings"]).toMatchObject([
    {
      line: 6,
      entry: 5,
      message: expect.stringContaining("does not fit the entry before it") as string,
    },
  ]);
});
