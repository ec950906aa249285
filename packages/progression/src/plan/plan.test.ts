import { describe, expect, test } from "vitest";
import { holdMs, nextStagePct, RUNBOOK_PLAN } from "./plan.ts";

describe("the plan", () => {
  test.each([
    [0, 1],
    [1, 10],
    [5, 10],
    [10, 50],
    [50, 100],
    [100, 100],
  ])("from %i one stage up is %i", (from, to) => {
    expect(nextStagePct(RUNBOOK_PLAN, from)).toBe(to);
  });

  test.each([
    ["30m", 1_800_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
    ["30", null],
    ["m", null],
    ["1.5h", null],
    ["-1h", null],
  ])("a hold of %s is %s ms", (hold, ms) => {
    expect(holdMs(hold)).toBe(ms);
  });
});
