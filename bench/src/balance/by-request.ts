import { clientBucket } from "@edgezero/rollout";
import { PERCENTAGES } from "./by-address.ts";
import { seededRandom } from "./random.ts";

/** How the requests of a site are spread over its clients' addresses. */
interface Traffic {
  readonly name: string;
  /** How many requests the address of a rank sends, as a share of what the first sends. */
  readonly weight: (rank: number) => number;
}

const CGNAT_ADDRESSES = 100;

const TRAFFIC: readonly Traffic[] = [
  { name: "every address alike", weight: () => 1 },
  { name: "Zipf, exponent 0.8", weight: (rank) => rank ** -0.8 },
  { name: "Zipf, exponent 1", weight: (rank) => 1 / rank },
  {
    name: "half of the requests from 100 addresses (CGNAT)",
    weight: (rank) =>
      rank <= CGNAT_ADDRESSES ? 1 : CGNAT_ADDRESSES / (ADDRESSES - CGNAT_ADDRESSES),
  },
];

const ADDRESSES = 100_000;

/** What share of the requests goes to the new path, over many sets of clients. */
export interface RequestBalance {
  readonly name: string;
  /** The share of the requests that comes from the busiest address, in per cent. */
  readonly busiest: number;
  /** For each of the percentages: the share in per cent, 95 of 100 sets between `low` and `high`. */
  readonly shares: readonly {
    readonly low: number;
    readonly median: number;
    readonly high: number;
  }[];
}

/** Draws sets of 100,000 client addresses, and gives the shares of their requests. */
export function balanceByRequest(sets: number): RequestBalance[] {
  const buckets = Array.from({ length: sets }, (_, set) => drawBuckets(set + 1));
  return TRAFFIC.map(({ name, weight }) => {
    const weights = Float64Array.from({ length: ADDRESSES }, (_, i) => weight(i + 1));
    const total = weights.reduce((sum, one) => sum + one, 0);
    const spread = buckets.map((ofSet) => sharesBelow(ofSet, weights, total));
    return {
      name,
      busiest: (100 * (weights[0] ?? 0)) / total,
      shares: PERCENTAGES.map((pct) => {
        const sorted = spread.map((below) => below[pct] ?? 0).toSorted((a, b) => a - b);
        const at = (quantile: number): number =>
          sorted[Math.round(quantile * (sorted.length - 1))] ?? Number.NaN;
        return { low: at(0.025), median: at(0.5), high: at(0.975) };
      }),
    };
  });
}

/** The buckets of random IPv4 addresses. Few come twice, which changes nothing. */
function drawBuckets(seed: number): Uint8Array {
  const random = seededRandom(seed);
  const octet = (): number => Math.floor(random() * 256);
  return Uint8Array.from({ length: ADDRESSES }, () =>
    clientBucket(`${octet()}.${octet()}.${octet()}.${octet()}`),
  );
}

/** The share of the requests, in per cent, whose bucket is below each percentage. */
function sharesBelow(buckets: Uint8Array, weights: Float64Array, total: number): number[] {
  const ofBucket = Array.from({ length: 100 }, () => 0);
  buckets.forEach((bucket, i) => {
    ofBucket[bucket] = (ofBucket[bucket] ?? 0) + (weights[i] ?? 0);
  });
  const below = [0];
  for (const share of ofBucket) below.push((below.at(-1) ?? 0) + (100 * share) / total);
  return below;
}
