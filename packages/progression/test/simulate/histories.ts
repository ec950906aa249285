import type { Visits } from "../histories/run.ts";
import { runHistory } from "../histories/run.ts";
import type { Print } from "./tables.ts";

/** After so many histories it says how far it is. */
const REPORT_EVERY = 50_000;

/**
 * Runs random histories of a rollout, and counts the steps that ended in each state.
 *
 * @throws Error with the seed and the events, where a history breaks a promise.
 */
export function printHistories(print: Print, many: number, seed: number): void {
  const visits: Visits = new Map();
  print("\n| random histories without a broken promise |");
  print("| ---: |");
  for (let i = 0; i < many; i += 1) {
    runHistory(seed + i, visits);
    if ((i + 1) % REPORT_EVERY === 0 || i + 1 === many)
      print(`| ${(i + 1).toLocaleString("en")} |`);
  }
  print("\n| state | steps that ended in it |");
  print("| --- | ---: |");
  for (const [name, count] of [...visits].toSorted(([, a], [, b]) => b - a)) {
    print(`| ${name} | ${count.toLocaleString("en")} |`);
  }
}
