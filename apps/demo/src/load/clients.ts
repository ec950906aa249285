import { clientBucket } from "@edgezero/rollout";

/** How many addresses send requests. */
export const CLIENTS = 10_000;
const PER_BLOCK = 250;

/** Addresses of the range that is kept for benchmarks (RFC 2544). */
export const ADDRESSES: readonly string[] = Array.from({ length: CLIENTS }, (_, i) => {
  return `198.18.${Math.floor(i / PER_BLOCK)}.${1 + (i % PER_BLOCK)}`;
});

/** A client that EdgeZero has from the first stage on. */
export const BAD_CLIENT: string = ADDRESSES.find((each) => clientBucket(each) === 0) ?? "";
