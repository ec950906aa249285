import { expect, test } from "vitest";
import { CONVERSIONS, ERRORS, P95, TIMEOUTS } from "../../../test/arbitraries.ts";
import type { PreflightPlan, Reading, Signal, Traffic } from "../../index.ts";
import { preflight, readSignal, startEvidence } from "../../index.ts";
import { describePreflight } from "./describe-preflight.ts";
import { describeReading } from "./describe-reading.ts";
import { duration, percent, points } from "./numbers.ts";

const PLAN: PreflightPlan = {
  stages: [
    { pct: 1, holdMinutes: 30 },
    { pct: 100, holdMinutes: 2880 },
  ],
  signals: [ERRORS, TIMEOUTS, CONVERSIONS, P95],
};
const TRAFFIC: Traffic = {
  rps: 500,
  rates: { errors: 0.001, timeouts: 0.0002, conversions: 0.08 },
};

test("each row of a preflight is a sentence", () => {
  const rows = preflight(PLAN, TRAFFIC);
  expect(rows.map((row) => describePreflight(PLAN, TRAFFIC, row))).toEqual([
    "errors, 30 min at 1% of 500 rps: a fault of +0.31 points or more would be seen in 9 of 10 cases; the margin of 0.1 points needs a hold of 2.4 h.",
    "timeouts, 30 min at 1% of 500 rps: 7.55 times legacy's rate or more would be seen in 9 of 10 cases; the margin of 2 times needs a hold of 12 h.",
    expect.stringMatching(/^conversions, .*: a fault of −.* points or more would be seen/),
    "p95, 30 min at 1% of 500 rps: a p95 of 1.24 times legacy's or more would be seen in 9 of 10 cases; the margin of 15% needs a hold of 10 min.",
    "errors, 2 days at 100% of 500 rps: 2.1% or more, 0.098 points above the ceiling, would be seen in 9 of 10 cases.",
    "timeouts, 2 days at 100% of 500 rps: there is no legacy to compare with, and no ceiling.",
    "conversions, 2 days at 100% of 500 rps: there is no legacy to compare with, and no ceiling.",
    "p95, 2 days at 100% of 500 rps: there is no legacy to compare with, only a ceiling.",
  ]);
});

test("a stage that can show nothing says so", () => {
  const traffic = { ...TRAFFIC, rps: Array.from({ length: 24 }, (_, hour) => hour / 1e4) };
  const [row] = preflight(PLAN, traffic);
  expect(row && describePreflight(PLAN, traffic, row)).toBe(
    "errors, 30 min at 1% of 0 to 0.0023 rps: no fault would be seen in 9 of 10 cases; the margin of 0.1 points can never be guarded here, or not within 30 days.",
  );
});

function described(signal: Signal, changed: Partial<Reading>): string {
  return describeReading(signal, { ...readSignal(signal, startEvidence(signal)), ...changed });
}

const SEEN: Partial<Reading> = {
  estimate: 0.0042,
  recent: 0.0051,
  canary: 0.0052,
  control: 0.001,
  trials: 1460,
};

test.each<{ verdict: Reading["verdict"]; changed: Partial<Reading>; sentence: string }>([
  {
    verdict: "worse",
    changed: SEEN,
    sentence:
      "errors: EdgeZero is worse than legacy: 0.42 points more, 0.52% against 0.1%, of late 0.51 points more, margin 0.1 points, after 1,460 requests. If EdgeZero were no worse, at most 8 of 1,000 rollouts would show this.",
  },
  {
    verdict: "worse",
    changed: {
      ...SEEN,
      control: null,
      estimate: 0.03,
      canary: 0.03,
      margin: { up: 0.02, down: null },
    },
    sentence:
      "errors: EdgeZero is worse than the ceiling allows: 3%, of late 0.51%, ceiling 2%, after 1,460 requests. If EdgeZero were no worse, at most 8 of 1,000 rollouts would show this.",
  },
  {
    verdict: "undecided",
    changed: { ...SEEN, direction: "up" },
    sentence:
      "errors: EdgeZero is worse than legacy, but not proven to be beyond the margin: 0.42 points more, 0.52% against 0.1%, of late 0.51 points more, margin 0.1 points.",
  },
  {
    verdict: "undecided",
    changed: { ...SEEN, estimate: -0.0001, needed: 20_000 },
    sentence:
      "errors: No sign that EdgeZero is worse than legacy: 0.01 points less, 0.52% against 0.1%, of late 0.51 points more, margin 0.1 points. 1,460 requests have come; a fault of twice the margin shows within 20,000 in 9 of 10 cases.",
  },
  {
    verdict: "undecided",
    changed: { ...SEEN, needed: 20_000 },
    sentence:
      "errors: Not proven that EdgeZero is worse than legacy: 0.42 points more, 0.52% against 0.1%, of late 0.51 points more, margin 0.1 points. 1,460 requests have come; a fault of twice the margin shows within 20,000 in 9 of 10 cases.",
  },
  {
    verdict: "undecided",
    changed: { ...SEEN, evidence: 0.6 },
    sentence:
      "errors: EdgeZero may be worse than legacy, with 60% of the evidence that proves it: 0.42 points more, 0.52% against 0.1%, of late 0.51 points more, margin 0.1 points. 1,460 requests have come.",
  },
  {
    verdict: "not-worse",
    changed: SEEN,
    sentence:
      "errors: EdgeZero is within the margin of legacy, with 95%: 0.42 points more, 0.52% against 0.1%, of late 0.51 points more, margin 0.1 points.",
  },
  {
    verdict: "insufficient",
    changed: { trials: 37 },
    sentence: "errors: 37 requests on EdgeZero; 100 on each path are needed to say anything.",
  },
])("$verdict is a sentence", ({ verdict, changed, sentence }) => {
  expect(described(ERRORS, { ...changed, verdict })).toBe(sentence);
});

test("a ratio is told in times", () => {
  const changed = { ...SEEN, estimate: 5.2, recent: null, verdict: "worse" } as const;
  expect(described(TIMEOUTS, changed)).toContain("5.2 times, 0.52% against 0.1%, margin 2 times");
});

test.each([
  { name: "seconds", given: duration(0.25), expected: "15 s" },
  { name: "minutes", given: duration(119), expected: "119 min" },
  { name: "hours", given: duration(150), expected: "2.5 h" },
  { name: "days", given: duration(4320), expected: "3 days" },
  { name: "one point", given: points(0.01), expected: "1 point" },
  { name: "a small rate", given: percent(0.00012345), expected: "0.0123%" },
])("$name", ({ given, expected }) => {
  expect(given).toBe(expected);
});
