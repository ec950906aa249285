import type { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";

/** One of the two keys of a rollout. */
export type RolloutKey = typeof EDGEZERO_ENABLED_KEY | typeof EDGEZERO_ROLLOUT_PCT_KEY;

/** Both values as they are stored, unparsed; `null` is absent. */
export type StoredValues = Readonly<Record<RolloutKey, string | null>>;

/** The values to write; a key that is not there is left as it is. */
export type Changes = Readonly<Partial<Record<RolloutKey, string>>>;

/** Rejects with a {@link StoreConflictError} when a change should no longer be made. */
export type StillDue = () => Promise<void>;

/** Something that the store could not do. Its message names what, and holds no credentials. */
export class StoreError extends Error {
  override readonly name: string = "StoreError";
}

/** The store itself is not there, as opposed to a key in it. Where a store can tell. */
export class StoreMissingError extends StoreError {
  override readonly name: string = "StoreMissingError";
}

/** What no second attempt can mend: the store's URL, or a token that is not there. */
export class StoreSetupError extends StoreError {
  override readonly name: string = "StoreSetupError";
}

/** The store no longer holds what the write was meant to replace; nothing was written. */
export class StoreConflictError extends StoreError {
  override readonly name: string = "StoreConflictError";
}

/**
 * A config store as an operator uses it. Every method rejects with a {@link StoreError}, and gives
 * up after the store's own time limit, never later than 10 seconds.
 */
export interface OperatorStore {
  /** Where the store is, for people, without credentials. */
  readonly location: string;
  /** How long a write takes to reach every gateway, as the platform states it. */
  readonly propagation: string;
  /** Reads both values from the source itself, past any cache that can be passed. */
  read(): Promise<StoredValues>;
  /**
   * Writes, all or nothing where the store can; durable once resolved.
   *
   * @param expected Where given, a store that can tell writes only while it holds this, and
   * otherwise rejects with a {@link StoreConflictError}; the others ignore it. Without it, what others
   * have begun to write over what was there before no longer succeeds, where the store can tell.
   * @param stillDue Called last before the write, in a store that compares after it has begun to watch
   * for others. Where it rejects with a {@link StoreConflictError}, nothing is written.
   */
  write(changes: Changes, expected?: StoredValues, stillDue?: StillDue): Promise<void>;
  /**
   * Creates the store with these values, where a store can be missing. Never replaces one: rejects
   * with a {@link StoreConflictError} when it is there by now.
   */
  create?(values: Changes): Promise<void>;
  /** Rejects with a {@link StoreError} when writing is not permitted, where that can be told. */
  checkWritable?(): Promise<void>;
  close(): Promise<void>;
}
