import type { RolloutReason } from "./reasons.ts";

/**
 * What the config store says, read once and valid for any number of clients. States from
 * `readRollout` and `createRollout` are frozen, since reads of the same values can share one.
 */
export interface RolloutState {
  /** Whether the master switch was read, and is on. */
  readonly enabled: boolean;
  /** The share of buckets that go to EdgeZero, 0 to 100; 0 wherever no valid one was read. */
  readonly rolloutPct: number;
  readonly reason: RolloutReason;
  /**
   * Names the two values that were read, so that answers from before and after a change can be told
   * apart: `fnv1a32` of the values as they are stored, joined by a line feed, in 1 to 8 hexadecimal
   * digits. An absent value counts as `null`. A value that was not read, or could not be, counts as
   * `undefined`.
   */
  readonly epoch: string;
}
