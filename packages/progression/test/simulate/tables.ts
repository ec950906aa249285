import { medianBetween, wilson } from "../../src/rehearsal/proportion.ts";
import { seeded } from "../../src/rehearsal/random.ts";
import type { Rule, SimulatedStage } from "./rollout.ts";
import { ERRORS } from "../arbitraries.ts";
import { bettingRule, runRollout, WARM_UP, warmUp } from "./rollout.ts";
import {
  alertRule,
  inARowRule,
  inAStageRule,
  literalRule,
  mannWhitneyRule,
  sequentialRule,
} from "./rules.ts";
import type { Site } from "./site.ts";

/** The rules that see the same counts, by their name; `ours` is this package. */
const OTHERS: Readonly<Record<string, () => Rule>> = {
  "literal, 1 min": () => literalRule(1),
  "literal, 5 min": () => literalRule(5),
  "3 min in a row": () => inARowRule(3),
  "5 failed in a stage": () => inAStageRule(5),
  "alert of ops/": alertRule,
  "asymptotic sequential": sequentialRule,
  "Mann-Whitney": mannWhitneyRule,
};

/** Tells of a row as soon as it is known. */
export type Print = (line: string) => void;

/** When each rule rolled each of so many rollouts back: minutes, or `null`, by rule. Ours is the first. */
function simulate(
  site: Site,
  stages: readonly SimulatedStage[],
  runs: number,
  seed: number,
): readonly (readonly (number | null)[])[] {
  return Array.from({ length: runs }, (_, run) => {
    const random = seeded(seed + 7919 * run);
    const ours = bettingRule(ERRORS, warmUp(ERRORS, site, random, WARM_UP));
    const rules = [ours, ...Object.values(OTHERS).map((start) => start())];
    return runRollout(site, stages, rules, random);
  });
}

export function printHead(print: Print, title: string): void {
  const names = ["ours", ...Object.keys(OTHERS)];
  print(`\n| ${title} | ${names.join(" | ")} |`);
  print(`| --- |${names.map(() => " ---: |").join("")}`);
}

/** How many rollouts each rule rolls back, in per cent, with the interval of 95 %. */
export function printRolledBack(
  print: Print,
  site: Site,
  stages: readonly SimulatedStage[],
  runs: number,
  seed: number,
): void {
  const results = simulate(site, stages, runs, seed);
  const cells = ["ours", ...Object.keys(OTHERS)].map((_, rule) => {
    const hits = results.filter((minutes) => (minutes[rule] ?? null) !== null).length;
    const { lower, upper } = wilson(hits, runs);
    return `${percent(hits / runs)} (${percent(lower)} to ${percent(upper)})`;
  });
  print(`| ${site.name} | ${cells.join(" | ")} |`);
}

/** Median minutes until each rule finds a fault, with the interval of 95 %, and how many it finds. */
export function printMinutes(
  print: Print,
  site: Site,
  stage: SimulatedStage,
  runs: number,
  seed: number,
): void {
  const results = simulate(site, [stage], runs, seed);
  const cells = ["ours", ...Object.keys(OTHERS)].map((_, rule) => {
    const minutes = results.map((result) => result[rule] ?? Infinity);
    const found = minutes.filter(Number.isFinite).length / runs;
    const { median, lower, upper } = medianBetween(minutes);
    const share = found < 1 ? `, found ${percent(found)}` : "";
    return `${minute(median)} (${minute(lower)} to ${minute(upper)}${share})`;
  });
  print(`| ${site.name} | ${cells.join(" | ")} |`);
}

export function percent(part: number): string {
  return `${(100 * part).toFixed(1)}%`;
}

function minute(value: number): string {
  return Number.isFinite(value) ? String(value) : "–";
}
