import { expect, test } from "vitest";
import { seeded } from "../rehearsal/random.ts";
import { ERRORS } from "../../test/arbitraries.ts";
import type { SimulatedStage } from "../../test/simulate/rollout.ts";
import { bettingRule, runRollout, warmUp } from "../../test/simulate/rollout.ts";
import type { Site } from "../../test/simulate/site.ts";
import { trafficOf } from "../../test/simulate/site.ts";
import { addWindow } from "../index.ts";
import { differenceInterval } from "./interval.ts";
import { judgeSignal } from "./verdict.ts";

// Few and short runs; `pnpm --filter @edgezero/progression simulate` has the long ones.

/** How many of so many rollouts read `worse` at any moment, from 1 % to 50 %. */
function rolledBack(
  site: Site,
  runs: number,
  {
    stages = SHORT,
    baseline = 240,
  }: { stages?: readonly SimulatedStage[]; baseline?: number } = {},
): number {
  let count = 0;
  for (let seed = 0; seed < runs; seed += 1) {
    const random = seeded(seed);
    const rule = bettingRule(ERRORS, warmUp(ERRORS, site, random, baseline));
    const [minute] = runRollout(site, stages, [rule], random);
    if (minute !== null) count += 1;
  }
  return count;
}

const SHORT: readonly SimulatedStage[] = [
  { pct: 1, minutes: 10 },
  { pct: 10, minutes: 10 },
  { pct: 50, minutes: 10 },
];

/** The chance, plus three standard errors of so many runs. */
function atMost(chance: number, runs: number): number {
  return runs * chance + 3 * Math.sqrt(runs * chance * (1 - chance));
}

const USUAL: Site = { name: "500 rps, 0.1%", rps: 500, rate: 0.001 };

test.each<Site>([
  USUAL,
  { ...USUAL, name: "20 rps, 1%", rps: 20, rate: 0.01 },
  { ...USUAL, name: "incidents on both paths", incidents: 72 },
  { ...USUAL, name: "rates that wander", wander: 0.3 },
  { ...USUAL, name: "shares that wander", shares: 1 },
  { ...USUAL, name: "outages of both paths", outages: [3, 13] },
])("equal paths are hardly ever `worse`: $name", (site) => {
  expect(rolledBack(site, 250)).toBeLessThanOrEqual(atMost(ERRORS.alpha, 250));
});

test.each<Site>([
  { ...USUAL, name: "bursts of 3", burst: 3 },
  { ...USUAL, name: "bursts of 10", burst: 10 },
  { ...USUAL, name: "bursts of 30", burst: 30 },
])("equal paths with $name are hardly ever `worse` after a warm-up", (site) => {
  expect(rolledBack(site, 250, { baseline: 480 })).toBeLessThanOrEqual(atMost(0.01, 250));
});

test("an EdgeZero at half the margin is seldom `worse`", () => {
  const half: Site = { ...USUAL, canaryRate: 0.0015 };
  expect(rolledBack(half, 250)).toBeLessThanOrEqual(atMost(0.05, 250));
});

test.each([
  { name: "after a warm-up", baseline: 240 },
  { name: "without one", baseline: 0 },
])("an EdgeZero that fails wholly is `worse` in the first window, $name", ({ baseline }) => {
  const down: Site = { ...USUAL, canaryRate: 1 };
  expect(rolledBack(down, 100, { baseline, stages: [{ pct: 1, minutes: 0.25 }] })).toBe(100);
});

test("an EdgeZero that fails 2 % is `worse` within a few minutes at 1 %", () => {
  const faulty: Site = { ...USUAL, canaryRate: 0.02 };
  expect(rolledBack(faulty, 50, { stages: [{ pct: 1, minutes: 5 }] })).toBe(50);
});

test("an EdgeZero at the margin is hardly ever proven to be within it, nor is its interval wrong", () => {
  const [runs, beta, margin] = [200, 0.05, 0.001];
  const site: Site = { ...USUAL, canaryRate: USUAL.rate + margin };
  let [proven, missed] = [0, 0];
  for (let seed = 0; seed < runs; seed += 1) {
    const random = seeded(seed);
    const next = trafficOf(site, random);
    let evidence = warmUp(ERRORS, site, random, 240);
    let [isProven, isMissed] = [false, false];
    for (let i = 0; i < 60; i += 1) {
      evidence = addWindow(ERRORS, evidence, { stage: "50", ...next(50) });
      isProven ||= judgeSignal(ERRORS, evidence).verdict === "not-worse";
      const { lower, upper } = differenceInterval(ERRORS, evidence);
      isMissed ||= (lower ?? -1) > margin || (upper ?? 1) < margin;
    }
    if (isProven) proven += 1;
    if (isMissed) missed += 1;
  }
  expect(proven).toBeLessThanOrEqual(atMost(beta / 2, runs));
  expect(missed).toBeLessThanOrEqual(atMost(beta, runs));
});
