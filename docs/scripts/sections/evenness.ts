import { clientBucket } from "@edgezero/rollout";
import type { AddressSet } from "../address-sets.ts";
import { addressSets } from "../address-sets.ts";
import { table } from "../markdown.ts";

const PERCENTAGES = [1, 10, 50] as const;

/** Measures how evenly the hash splits sets of addresses. The sets are the same in every run. */
export function evennessSection(): string {
  const head = [
    "addresses",
    "how many",
    ...PERCENTAGES.map((pct) => `at ${pct}%`),
    "one bucket holds",
  ];
  return table(head, addressSets().map(rowOf));
}

function rowOf({ name, addresses, weights }: AddressSet): string[] {
  const buckets = Array.from({ length: 100 }, () => 0);
  for (const [i, address] of addresses.entries()) {
    const bucket = clientBucket(address);
    buckets[bucket] = (buckets[bucket] ?? 0) + (weights?.[i] ?? 1);
  }
  const share = (count: number): string => ((100 * count) / sum(buckets)).toFixed(2);
  const shares = PERCENTAGES.map((pct) => `${share(sum(buckets.slice(0, pct)))}%`);
  const range = `${share(Math.min(...buckets))}–${share(Math.max(...buckets))}%`;
  return [name, addresses.length.toLocaleString("en"), ...shares, range];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
