import { addWindow, judgeSignal, startEvidence } from "../../src/index.ts";
import { drawLatencies } from "../../src/rehearsal/latency.ts";
import { chancesOf, P95 } from "./latency.ts";
import { medianBetween, wilson } from "../../src/rehearsal/proportion.ts";
import type { Random } from "../../src/rehearsal/random.ts";
import { binomial, poisson, seeded } from "../../src/rehearsal/random.ts";
import { WINDOW } from "./site.ts";
import type { Print } from "./tables.ts";
import { percent } from "./tables.ts";

const RPS = 500;
const SHARE = 0.01;
const WARM_UP = 20;
const MINUTES = 30;

/** Minutes until an EdgeZero that takes so many times as long reads `worse` at 1 %; `Infinity`: never. */
function minutesUntilWorse(slowness: number, random: Random): number {
  const [usual, slow] = [chancesOf(1), chancesOf(slowness)];
  let evidence = startEvidence(P95);
  for (let i = -WARM_UP; i < (MINUTES * 60) / WINDOW; i += 1) {
    const requests = poisson(random, RPS * WINDOW);
    const canary = i < 0 ? 0 : binomial(random, requests, SHARE);
    evidence = addWindow(P95, evidence, {
      stage: i < 0 ? "baseline" : "1",
      canary: drawLatencies(random, canary, slow),
      control: drawLatencies(random, requests - canary, usual),
    });
    if (judgeSignal(P95, evidence).verdict === "worse") return ((i + 1) * WINDOW) / 60;
  }
  return Infinity;
}

/** Half hours at 1 % of 500 rps, by how many times as long EdgeZero takes. The margin is 1.15 times. */
export function printP95(print: Print, runs: number, seed: number): void {
  print("\n| p95, 1% of 500 rps, margin 15% | rolled back | median minutes |");
  print("| --- | ---: | ---: |");
  for (const slowness of [1, 1.15, 1.3, 1.5]) {
    const minutes = Array.from({ length: runs }, (_, run) =>
      minutesUntilWorse(slowness, seeded(seed + 7919 * run)),
    );
    const found = minutes.filter(Number.isFinite).length;
    const { lower, upper } = wilson(found, runs);
    const { median } = medianBetween(minutes);
    print(
      `| ${slowness} times | ${percent(found / runs)} (${percent(lower)} to ${percent(upper)}) | ` +
        `${Number.isFinite(median) ? median : "–"} |`,
    );
  }
}
