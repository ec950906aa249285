import { clientBucket } from "./client-bucket.ts";
import { routesToEdgezero } from "./fnv1a.ts";
import type { RolloutReason } from "./reasons.ts";
import type { RolloutPath } from "./rollout-path.ts";
import type { RolloutState } from "./rollout-state.ts";

/** Which path a request takes, and why. A type, not an interface, so that it can be log fields. */
export type Decision = {
  readonly path: RolloutPath;
  readonly reason: RolloutReason;
  /** The percentage that was applied, 0 to 100; 0 wherever no valid one was read. */
  readonly rolloutPct: number;
  /** The client's bucket, 0 to 99; only where the bucket decided. */
  readonly bucket?: number;
};

/**
 * Decides a client's path. Pure and total: the same state and address always give the same
 * decision, whatever the address is.
 *
 * Sticky per client IP, not per user: clients behind one NAT share a bucket, and a client whose
 * address changes may change path. Every spelling of an address is one client, and an IPv4-mapped
 * IPv6 address counts as its IPv4 address. No address, or text that is not one, is the empty key,
 * in bucket 61.
 *
 * For a bucket instead of a client, as for a probe, give the bucket: the address is not looked at.
 *
 * A percentage that is not a whole number from 0 to 100, which `readRollout` never gives, counts
 * as 0; the reason stays that of the state.
 *
 * @param knownBucket 0 to 99; that of the address unless given.
 */
export function decide(
  state: RolloutState,
  clientIp: string | null | undefined,
  knownBucket?: number,
): Decision {
  const { enabled, reason, rolloutPct: pct } = state;
  // A state that comes from JSON may hold anything, and "false" is no reason to go to EdgeZero.
  const isExplicit = (enabled as unknown) === true && pct > 0 && pct <= 100 && pct % 1 === 0;
  const rolloutPct = isExplicit ? pct : 0;
  // At 0 and 100 every bucket goes the same way, so no bucket is computed.
  if (rolloutPct % 100 === 0) {
    return { path: rolloutPct ? "edgezero" : "legacy", reason, rolloutPct };
  }
  const bucket = knownBucket ?? clientBucket(clientIp);
  const path = routesToEdgezero(bucket, rolloutPct) ? "edgezero" : "legacy";
  return { path, reason, rolloutPct, bucket };
}
