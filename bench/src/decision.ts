// What one decision costs: 1,000,000 distinct addresses at 10 per cent, in interleaved rounds.
import type { ConfigStore } from "@edgezero/rollout";
import { decide, readRollout } from "@edgezero/rollout";
import { distinctAddresses } from "./addresses.ts";
import { median, medianRatio } from "./statistics.ts";

const ADDRESSES = 1_000_000;
const ROUNDS = 15;
const WARM_UP_ROUNDS = 3;
const ROLLOUT_PCT = 10;

/** Sends every address to its path; gives how many went to EdgeZero. */
type Candidate = (addresses: readonly string[]) => number | Promise<number>;

const store: ConfigStore = {
  get: (key) => (key === "edgezero_enabled" ? "true" : String(ROLLOUT_PCT)),
};
const state = await readRollout(store);

const candidates: Record<string, Candidate> = {
  "no-op": (addresses) => {
    let sum = 0;
    for (const address of addresses) sum += address.length > 15 ? 1 : 0;
    return sum;
  },
  "bare FNV-1a loop": (addresses) => {
    let sum = 0;
    for (const address of addresses) sum += bareBucket(address) < ROLLOUT_PCT ? 1 : 0;
    return sum;
  },
  decide: (addresses) => {
    let sum = 0;
    for (const address of addresses) sum += decide(state, address).path === "edgezero" ? 1 : 0;
    return sum;
  },
  "readRollout + decide": async (addresses) => {
    let sum = 0;
    for (const address of addresses) {
      sum += decide(await readRollout(store), address).path === "edgezero" ? 1 : 0;
    }
    return sum;
  },
};

function bareBucket(address: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < address.length; i++) {
    hash = Math.imul(hash ^ address.charCodeAt(i), 0x01000193);
  }
  return (hash >>> 0) % 100;
}

const addresses = distinctAddresses(ADDRESSES);
const nanoseconds = new Map<string, number[]>(Object.keys(candidates).map((name) => [name, []]));
for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
  for (const [name, run] of Object.entries(candidates)) {
    globalThis.gc?.();
    const start = process.hrtime.bigint();
    const sum = await run(addresses);
    const elapsed = Number(process.hrtime.bigint() - start);
    checkShare(name, sum);
    if (round >= 0) nanoseconds.get(name)?.push(elapsed / ADDRESSES);
  }
}

const bare = nanoseconds.get("bare FNV-1a loop") ?? [];
console.log(`One decision, ${ADDRESSES} distinct IPv4 addresses, median of ${ROUNDS} rounds`);
for (const [name, sample] of nanoseconds) {
  const cost = median(sample).toFixed(1).padStart(8);
  const ratio = medianRatio(sample, bare).toFixed(2).padStart(6);
  console.log(`  ${name.padEnd(22)}${cost} ns ${ratio} x the bare loop`);
}

/** Measures nothing that does not do its work: 10 ± 0.2 per cent must go to EdgeZero. */
function checkShare(name: string, sum: number): void {
  const share = (100 * sum) / ADDRESSES;
  const expected = name === "no-op" ? 0 : ROLLOUT_PCT;
  if (Math.abs(share - expected) > 0.2) {
    throw new Error(`${name} sent ${share} per cent to EdgeZero, not ${expected}`);
  }
}
