// Prints what decisions cost beside the bare loop, as JSON. A process of its own: a test's runner changes
// the code, and with it the costs.
import { distinctAddresses } from "../addresses.ts";
import { openBareLoop, openDecide, openFullDecision } from "../decision/own.ts";
import type { Rollout } from "../peers.ts";

const PERCENTAGE = 10;
/** A round of so many takes about 3 ms, so that some of them are not interrupted on a busy machine. */
const ADDRESSES = 50_000;
const ROUNDS = 100;

/** What decisions cost, as multiples of the bare loop: the fastest round of each. */
export interface DecisionCosts {
  readonly decide: number;
  readonly fullDecision: number;
}

const addresses = distinctAddresses(ADDRESSES);
const ways: readonly Rollout[] = [
  openBareLoop(PERCENTAGE),
  await openDecide(PERCENTAGE),
  openFullDecision(PERCENTAGE),
];
const fastest = ways.map(() => Infinity);
for (let round = 0; round < ROUNDS; round++) {
  for (const [i, way] of ways.entries()) {
    const start = performance.now();
    await way.count(addresses);
    fastest[i] = Math.min(fastest[i] ?? Infinity, performance.now() - start);
  }
}
const [bare = Number.NaN, decide = Number.NaN, full = Number.NaN] = fastest;
const costs: DecisionCosts = { decide: decide / bare, fullDecision: full / bare };
console.log(JSON.stringify(costs));
