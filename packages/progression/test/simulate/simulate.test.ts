import { describe, expect, test } from "vitest";
import { printHistories } from "./histories.ts";
import { printPromises } from "./promises.ts";
import { medianBetween, wilson } from "../../src/rehearsal/proportion.ts";
import { binomial, geometric, poisson, type Random, seeded } from "../../src/rehearsal/random.ts";
import type { Rule } from "./rollout.ts";
import {
  alertRule,
  inARowRule,
  inAStageRule,
  literalRule,
  mannWhitneyRule,
  sequentialRule,
} from "./rules.ts";
import { FAULTY, HEALTHY } from "./sites.ts";
import { printHead, printMinutes, printRolledBack } from "./tables.ts";

/** Mean and variance of many draws. */
function moments(draw: (random: Random) => number): readonly [number, number] {
  const random = seeded(3);
  const drawn = Array.from({ length: 20_000 }, () => draw(random));
  const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
  const squares = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [mean, squares / drawn.length];
}

test.each<{ name: string; draw: (random: Random) => number; mean: number; variance: number }>([
  { name: "few of many", draw: (r) => binomial(r, 7500, 0.001), mean: 7.5, variance: 7.49 },
  { name: "half", draw: (r) => binomial(r, 100, 0.5), mean: 50, variance: 25 },
  { name: "in parts", draw: (r) => binomial(r, 1000, 0.2), mean: 200, variance: 160 },
  { name: "most", draw: (r) => binomial(r, 100, 0.9), mean: 90, variance: 9 },
  { name: "very many", draw: (r) => binomial(r, 1e6, 0.3), mean: 3e5, variance: 2.1e5 },
  { name: "few", draw: (r) => poisson(r, 2), mean: 2, variance: 2 },
  { name: "a hundred", draw: (r) => poisson(r, 100), mean: 100, variance: 100 },
  { name: "bursts", draw: (r) => geometric(r, 10), mean: 10, variance: 90 },
])("$name has the moments that it should", ({ draw, mean, variance }) => {
  const [ownMean, ownVariance] = moments(draw);
  expect(Math.abs(ownMean - mean)).toBeLessThan(4 * Math.sqrt(variance / 20_000));
  expect(ownVariance / variance).toBeGreaterThan(0.93);
  expect(ownVariance / variance).toBeLessThan(1.07);
});

test("the same seed draws the same numbers", () => {
  const [one, other] = [seeded(7), seeded(7)];
  expect(Array.from({ length: 5 }, one)).toEqual(Array.from({ length: 5 }, other));
  expect(seeded(8)()).not.toBe(seeded(7)());
});

/** Minutes until a rule rolls back an EdgeZero that fails 2 % beside a legacy that fails 0.1 %; at most 60. */
function minutesUntil(rule: Rule, canaryHits: number): number {
  for (let window = 1; window <= 240; window += 1) {
    const canary = { trials: 750, hits: canaryHits };
    if (rule.add(1, canary, { trials: 6750, hits: 7 })) return window / 4;
  }
  return Infinity;
}

describe.each([
  { name: "literal, 1 min", start: () => literalRule(1), minutes: 1 },
  { name: "literal, 5 min", start: () => literalRule(5), minutes: 5 },
  { name: "3 min in a row", start: () => inARowRule(3), minutes: 3 },
  { name: "5 failed in a stage", start: () => inAStageRule(5), minutes: 5 },
  { name: "alert of ops/", start: alertRule, minutes: 2 },
  { name: "asymptotic sequential", start: sequentialRule, minutes: 1 },
  { name: "Mann-Whitney", start: mannWhitneyRule, minutes: 10 },
])("$name", ({ start, minutes }) => {
  test(`finds a fault of 2% after ${minutes} min`, () => {
    expect(minutesUntil(start(), 15)).toBe(minutes);
  });

  test("leaves an EdgeZero alone that fails less", () => {
    expect(minutesUntil(start(), 0)).toBe(Infinity);
  });
});

test("intervals hold what they are made of", () => {
  const { lower, upper } = wilson(5, 100);
  expect([lower.toFixed(3), upper.toFixed(3)]).toEqual(["0.022", "0.112"]);
  expect(wilson(0, 100).lower).toBe(0);
  const values = Array.from({ length: 101 }, (_, i) => (i > 80 ? Infinity : i));
  expect(medianBetween(values)).toEqual({ median: 50, lower: 40, upper: 60 });
});

test("tables have a row for each site, with a cell for each rule", () => {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const [site, fault] = [HEALTHY[3], FAULTY[0]];
  printHead(print, "healthy");
  if (site !== undefined) printRolledBack(print, site, [{ pct: 10, minutes: 5 }], 2, 1);
  if (fault !== undefined) printMinutes(print, fault.site, fault.stage, 2, 1);
  const cells = lines.slice(1).map((line) => line.split("|").length);
  expect(cells).toHaveLength(3);
  expect(new Set([...cells, lines[0]?.split("|").length])).toEqual(new Set([11]));
});

test("what is promised of the runbook's plan has a row for each fault and each site", () => {
  const lines: string[] = [];
  printPromises((line) => lines.push(line), 1, 1, 1);
  expect(lines.filter((line) => line.startsWith("| 0.5%") || line.startsWith("| 2%"))).toHaveLength(
    4,
  );
  const healthy = lines.filter((line) => line.includes(" of 1: "));
  expect(healthy.length).toBeGreaterThanOrEqual(4 + 6);
}, 30_000);

test("histories say how many there were, and in which states they were", () => {
  const lines: string[] = [];
  printHistories((line) => lines.push(line), 20, 1);
  expect(lines).toContain("| 20 |");
  expect(lines.some((line) => line.startsWith("| observing |"))).toBe(true);
});
