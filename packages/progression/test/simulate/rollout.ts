import type { Counts, Evidence, RateSignal } from "../../src/index.ts";
import { addWindow, judgeSignal, startEvidence } from "../../src/index.ts";
import type { Random } from "../../src/rehearsal/random.ts";
import type { Site } from "./site.ts";
import { trafficOf, WINDOW } from "./site.ts";

/** A stage of a simulated rollout. */
export interface SimulatedStage {
  readonly pct: number;
  readonly minutes: number;
}

/** What counts may be judged by: told of each window, it says whether it would roll back now. */
export interface Rule {
  readonly add: (stage: number, canary: Counts, control: Counts) => boolean;
}

/** Windows of legacy alone that a simulated rollout begins with: two hours. */
export const WARM_UP = 480;

/** The verdict of this package as a rule, warmed up by windows of legacy. */
export function bettingRule(signal: RateSignal, warmedUp: Evidence): Rule {
  let evidence = warmedUp;
  return {
    add: (stage, canary, control) => {
      evidence = addWindow(signal, evidence, { stage: String(stage), canary, control });
      return judgeSignal(signal, evidence).verdict === "worse";
    },
  };
}

/** Evidence after windows of legacy alone. */
export function warmUp(signal: RateSignal, site: Site, random: Random, windows: number): Evidence {
  const { outages: _, ...usual } = site;
  const next = trafficOf(usual, random);
  let evidence = startEvidence(signal);
  for (let i = 0; i < windows; i += 1) {
    const { control } = next(0);
    const canary = { trials: 0, hits: 0 };
    evidence = addWindow(signal, evidence, { stage: "baseline", canary, control });
  }
  return evidence;
}

/**
 * Runs one rollout and tells when each rule would have rolled it back first.
 *
 * @returns Minutes from the start, or `null`, for each rule.
 */
export function runRollout(
  site: Site,
  stages: readonly SimulatedStage[],
  rules: readonly Rule[],
  random: Random,
): (number | null)[] {
  const next = trafficOf(site, random);
  const rolledBack: (number | null)[] = rules.map(() => null);
  let seconds = 0;
  for (const [stage, { pct, minutes }] of stages.entries()) {
    for (let left = (minutes * 60) / WINDOW; left > 0; left -= 1) {
      const { canary, control } = next(pct);
      seconds += WINDOW;
      for (const [i, rule] of rules.entries()) {
        if (rolledBack[i] === null && rule.add(stage, canary, control))
          rolledBack[i] = seconds / 60;
      }
      if (rolledBack.every((minute) => minute !== null)) return rolledBack;
    }
  }
  return rolledBack;
}
