import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { DecisionCosts } from "./decision-costs.ts";

/** A cost that was measured now, beside the one that is recorded in `bench/results`. */
export interface GateRow {
  readonly what: string;
  readonly measured: number;
  readonly recorded: number;
  /** How many times the recorded one it may be: what the same code was seen to differ by. */
  readonly noise: number;
}

/** Says what has become worse by more than the noise, a line for each; empty where nothing has. */
export function fallenBehind(rows: readonly GateRow[]): string[] {
  return rows
    .filter(({ measured, recorded, noise }) => !(measured <= recorded * noise))
    .map(
      ({ what, measured, recorded, noise }) =>
        `${what}: ${measured.toPrecision(4)}, recorded ${recorded.toPrecision(4)}, at most ${noise} times that`,
    );
}

/**
 * The least costs of decisions that several processes find. One process may keep to a slow way of its own
 * for all its life, and other work on the machine only ever makes it slower.
 */
export async function leastDecisionCosts(processes: number): Promise<DecisionCosts> {
  let least: DecisionCosts = { decide: Infinity, fullDecision: Infinity };
  for (let i = 0; i < processes; i++) {
    const { decide, fullDecision } = await decisionCosts();
    least = {
      decide: Math.min(least.decide, decide),
      fullDecision: Math.min(least.fullDecision, fullDecision),
    };
  }
  return least;
}

async function decisionCosts(): Promise<DecisionCosts> {
  const file = fileURLToPath(new URL("./decision-costs.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [file]);
  return JSON.parse(stdout) as DecisionCosts;
}
