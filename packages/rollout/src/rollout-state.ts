/** The config store did not answer: it failed, took too long, or gave what is not a value. */
export type ReadFailure = "store-unavailable" | "flag-unreadable" | "pct-unreadable";

/** What the config store says where it says all that is needed: that it is off, or how far on. */
export type ConfiguredReason = "disabled" | "rollback" | "cutover" | "bucket";

/**
 * Why a request took its path.
 *
 * - `store-unavailable`: the config store cannot be opened; legacy
 * - `flag-unreadable`: `edgezero_enabled` cannot be read, or not in time; legacy
 * - `disabled`: `edgezero_enabled` is absent or not on; legacy
 * - `pct-unreadable`: `edgezero_rollout_pct` cannot be read, or not in time; legacy
 * - `pct-absent`: `edgezero_rollout_pct` is absent; legacy
 * - `pct-invalid`: `edgezero_rollout_pct` is not a whole number from 0 to 100; legacy
 * - `rollback`: the percentage is 0; legacy
 * - `cutover`: the percentage is 100; EdgeZero
 * - `bucket`: the percentage is 1 to 99; by the client's bucket
 * - `stale-…`: the read failed, and the last good state still stands (`staleIfErrorMs`)
 * - `forced`: a tester's token said so, for this one request (`override`)
 */
export type RolloutReason =
  | ReadFailure
  | "pct-absent"
  | "pct-invalid"
  | ConfiguredReason
  | `stale-${ConfiguredReason}`
  | "forced";

/**
 * What the config store says, read once and valid for any number of clients. What `readRollout` gives
 * is frozen: reads of the same values may share it.
 */
export interface RolloutState {
  /** Whether the master switch was read, and is on. */
  readonly enabled: boolean;
  /** The share of buckets that go to EdgeZero, 0 to 100; 0 wherever none was read or valid. */
  readonly rolloutPct: number;
  readonly reason: RolloutReason;
  /**
   * Names the two values that were read, so that answers from before and after a change can be told
   * apart: `fnv1a32` of the values as they are stored, joined by a line feed, in 1 to 8 hexadecimal
   * digits. An absent value counts as `null`; one that was not or could not be read, as
   * `undefined`.
   */
  readonly epoch: string;
}
