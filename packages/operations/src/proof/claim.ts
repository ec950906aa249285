import type { RolloutState } from "@edgezero/rollout";

/** The epoch that a gateway served before a write, if it reads the store that was written. */
export type Before =
  | { readonly kind: "epoch"; readonly epoch: string }
  /** The values before the write could not be read in time. */
  | { readonly kind: "unknown" };

/** What a gateway is to be seen to do. Times are of `performance.now()`. */
export interface Claim {
  /** The state that must be served. */
  readonly state: RolloutState;
  /** When the store took the write, or -Infinity. A probe that was sent before shows nothing of it. */
  readonly since: number;
  /** The write that the gateway must be seen to follow; `null` where it need not. */
  readonly follows: {
    readonly before: Before;
    /** When the write began. */
    readonly startedAt: number;
  } | null;
}

/** The claim that a gateway serves a state, whenever it was written. */
export function standingClaim(state: RolloutState): Claim {
  return { state, since: -Infinity, follows: null };
}

/** The means by which a gateway is proven. */
export interface ProofMeans {
  /** Whether the probes are signed. */
  readonly isSigned: boolean;
  /** How many instances must answer; `null`: all that are seen. */
  readonly instances: number | null;
  /** Whether instances can be counted, which isolates cannot: places are named instead. */
  readonly isCounted: boolean;
  /** Ordinary responses in a row that count where probes are not signed. */
  readonly needed: number;
}
