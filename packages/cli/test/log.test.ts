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
    ["1, 2", "verified"],
    ["3", "note"],
    ["4, 5", "verified"],
  ]);
  expect((await operator.run("log --verify")).stdout).toContain("whole: 5 entries");
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
});
