import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { EXIT_CODES } from "edgezero-rollout/exit-codes";
import { REPOSITORY } from "../scripts/pages.ts";

const read = (...path: string[]): string => readFileSync(join(REPOSITORY, ...path), "utf8");
const RUNBOOK = read("docs", "runbook.md");
const { groups } = parse(read("ops", "prometheus", "edgezero.rules.yml")) as {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert?: string; readonly expr: string }[];
  }[];
};
const ALERTS = new Map(
  groups.flatMap(({ rules }) =>
    rules.flatMap(({ alert, expr }) => (alert === undefined ? [] : [[alert, expr] as const])),
  ),
);

test("the runbook says what to do about every alert, and names no other", () => {
  const named = RUNBOOK.matchAll(/`(EdgeZero[A-Z]\w+)`/g);
  expect(new Set([...named].map(([, name]) => name))).toEqual(new Set(ALERTS.keys()));
});

test("the exit codes that the runbook names are those of the command", () => {
  const rows = RUNBOOK.matchAll(/^\| (\d+) +\| \*\*(.+?)\*\*/gm);
  expect(Object.fromEntries([...rows].map(([, code, what]) => [what, Number(code)]))).toEqual({
    "not written": EXIT_CODES["not-written"].code,
    "written, unverified": EXIT_CODES.unverified.code,
  });
  expect(RUNBOOK).toContain(`is refused, with exit code ${EXIT_CODES.refused.code},`);
});

test.each([
  ["EdgeZeroErrors", "more than 0.1 percentage points above", /> 0\.001\)/],
  ["EdgeZeroTimeouts", "more than twice", /> 2 \* job:edgezero_signal:baseline/],
  ["EdgeZeroSlow", "more than 15% above", /> 0\.15 \* job:edgezero_signal:baseline/],
  ["EdgeZeroAuctionWins", "more than 1% off", /> 0\.01 \* job:edgezero_signal:baseline/],
])("the threshold of %s is the rule's: %s", (alert, threshold, expr) => {
  const row = RUNBOOK.split("\n").find((line) => line.includes(`\`${alert}\``));
  expect(row).toContain(threshold);
  expect(ALERTS.get(alert)).toMatch(expr);
});
