import { expect, test } from "vitest";
import { expandPlan } from "../plan/short-plan.ts";
import type { Fault } from "./fault.ts";
import { rehearsals, rehearseMany, summarize } from "./rehearse-many.ts";

const PLAN = expandPlan([
  { pct: 10, hold: "10m" },
  { pct: 50, hold: "10m" },
]);
const TRAFFIC = { rps: 200 };
const FAULT: Fault = { kind: "rate", signal: "errors", rate: 0.05, atMs: 0, forMs: null };

test("healthy rollouts complete, and none of them counts as detected", () => {
  const summary = rehearseMany(PLAN, TRAFFIC, [], 30);
  expect(summary).toMatchObject({ runs: 30, detected: null, detection: null, bySignal: {} });
  expect(summary.completed).toMatchObject({ hits: 30, runs: 30, part: 1, upper: 1 });
  expect(summary.completed.lower).toBeCloseTo(0.886, 2);
  expect(summary.falseRollbacks.hits).toBe(0);
  expect(summary.falseRollbacks.upper).toBeCloseTo(0.114, 2);
  expect(summary.completion.medianMs).toBeGreaterThan(20 * 60_000);
});

test("faulty ones are detected, by which signal, and after which time", () => {
  const summary = rehearseMany(PLAN, TRAFFIC, [FAULT], 30);
  expect(summary.detected?.hits).toBe(30);
  expect(summary.bySignal).toEqual({ errors: 30 });
  expect(summary.falseRollbacks.hits).toBe(0);
  expect(summary.completion.medianMs).toBeNull();
  const { lowerMs, medianMs, upperMs } = summary.detection ?? {};
  expect(lowerMs).toBeLessThanOrEqual(medianMs ?? 0);
  expect(upperMs).toBeGreaterThanOrEqual(medianMs ?? Infinity);
  expect(medianMs).toBeLessThan(5 * 60_000);
});

test("reasons to hold are counted once a rollout", () => {
  const twice: Fault[] = [5, 10].map((minute) => ({
    kind: "no-traffic",
    atMs: minute * 60_000,
    forMs: 120_000,
  }));
  expect(rehearseMany(PLAN, TRAFFIC, twice, 4).held).toEqual({ "no-traffic": 4 });
});

test("a summary is that of the rehearsals one by one, each with a seed of its own", () => {
  const all = [...rehearsals(PLAN, TRAFFIC, [FAULT], 5, 3)];
  expect(new Set(all.map(({ seed }) => seed)).size).toBe(5);
  expect(summarize(all)).toEqual(rehearseMany(PLAN, TRAFFIC, [FAULT], 5, 3));
});

test("nothing is known of no runs", () => {
  expect(rehearseMany(PLAN, TRAFFIC, [], 0)).toMatchObject({
    runs: 0,
    completed: { part: 0, lower: 0, upper: 1 },
    completion: { medianMs: null },
  });
});
