import { clientBucket } from "@edgezero/rollout";
import { addressSets } from "./address-sets.ts";
import { chiSquare } from "./chi-square.ts";

/** The percentages at which balance is looked at. */
export const PERCENTAGES = [1, 10, 50] as const;

/** How evenly one kind of addresses is spread. */
export interface AddressBalance {
  readonly name: string;
  /** The share of the addresses that go to the new path, in per cent, at each of the percentages. */
  readonly shares: readonly number[];
  readonly chiSquare: number;
}

/** Spreads address sets of each kind over the buckets. */
export function balanceByAddress(count: number): AddressBalance[] {
  return addressSets(count).map(({ name, addresses }) => {
    const buckets = bucketCounts(addresses);
    return {
      name,
      shares: PERCENTAGES.map((pct) => shareOf(buckets, pct)),
      chiSquare: chiSquare(buckets),
    };
  });
}

/** The least and the greatest share at 10 per cent within single networks of 256 addresses. */
export function balanceWithinNetworks(networks: number): { least: number; greatest: number } {
  let least = 100;
  let greatest = 0;
  for (let network = 0; network < networks; network++) {
    const prefix = `198.${network >>> 8}.${network & 255}`;
    const addresses = Array.from({ length: 256 }, (_, host) => `${prefix}.${host}`);
    const share = shareOf(bucketCounts(addresses), 10);
    least = Math.min(least, share);
    greatest = Math.max(greatest, share);
  }
  return { least, greatest };
}

function bucketCounts(addresses: readonly string[]): number[] {
  const counts = Array.from({ length: 100 }, () => 0);
  for (const address of addresses) {
    const bucket = clientBucket(address);
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}

function shareOf(buckets: readonly number[], pct: number): number {
  const chosen = buckets.slice(0, pct).reduce((sum, count) => sum + count, 0);
  return (100 * chosen) / buckets.reduce((sum, count) => sum + count, 0);
}
