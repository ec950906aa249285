import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { durationMs } from "./duration.ts";
import { gate } from "./gate.ts";
import { parsePlan } from "./parse-plan.ts";
import { RUNBOOK_PLAN } from "./plan.ts";
import { expandPlan } from "./short-plan.ts";

describe("the plan", () => {
  test.each([
    [0, 1],
    [1, 10],
    [5, 10],
    [10, 50],
    [50, 100],
    [100, 100],
  ])("from %i one stage up is %i", (from, to) => {
    const history = { now: 0, present: from, changes: [{ at: 0, effective: from }] };
    expect(gate(RUNBOOK_PLAN, history, 100).nextStagePct).toBe(to);
  });

  test.each([
    ["45s", 45_000],
    ["999999s", 999_999_000],
    ["1000000s", null],
    ["30m", 1_800_000],
    ["2h", 7_200_000],
    ["1d", 86_400_000],
    ["30", null],
    ["m", null],
    ["1.5h", null],
    ["-1h", null],
  ])("a hold of %s is %s ms", (hold, ms) => {
    expect(durationMs(hold)).toBe(ms);
  });
});

describe("reading a plan", () => {
  test.each([
    { name: "no list", given: "none", place: "", allowed: "a list of stages" },
    { name: "no stages", given: [], place: "", allowed: "a list of 1 to 100" },
    { name: "a stage that is none", given: [5], place: "/0", allowed: "an object with pct, hold" },
    {
      name: "a percentage of 0",
      given: [{ pct: 0, hold: "1h" }],
      place: "/0/pct",
      allowed: "a whole number from 1 to 100",
    },
    {
      name: "a percentage in quotes",
      given: [{ pct: "5", hold: "1h" }],
      place: "/0/pct",
      allowed: "a whole number from 1 to 100",
    },
    {
      name: "a hold that is no duration",
      given: [
        { pct: 1, hold: "1h" },
        { pct: 5, hold: "soon" },
      ],
      place: "/1/hold",
      allowed: "a duration such as 90s, 30m, 2h or 1d",
    },
    {
      name: "a misspelt field",
      given: [{ pct: 1, hold: "1h", holds: "2h" }],
      place: "/0/holds",
      allowed: "pct, hold",
    },
    {
      name: "percentages that fall",
      given: [
        { pct: 50, hold: "1h" },
        { pct: 10, hold: "1h" },
      ],
      place: "/1/pct",
      allowed: "percentages that rise",
    },
  ])("$name: the finding names the place", ({ given, place, allowed }) => {
    const parsed = parsePlan(given);
    expect(parsed).toMatchObject({ plan: null, findings: [{ place }] });
    expect(parsed.plan === null && parsed.findings[0]?.allowed).toContain(allowed);
  });

  test("the runbook's plan means its stages, and every default", () => {
    expect(parsePlan(RUNBOOK_PLAN)).toEqual({ plan: expandPlan(RUNBOOK_PLAN) });
  });

  test("never throws, and finds something wherever there is no plan", { timeout: 30_000 }, () => {
    const stage = fc.record({ pct: fc.integer(), hold: fc.oneof(fc.string(), fc.constant("1h")) });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.array(stage)), (data) => {
        const parsed = parsePlan(data);
        expect(parsed.plan !== null || parsed.findings.length > 0).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
