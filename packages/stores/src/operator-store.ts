import type { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { Coordination, HeldLock } from "./coordination.ts";

/** One of the two keys of a rollout. */
export type RolloutKey = typeof EDGEZERO_ENABLED_KEY | typeof EDGEZERO_ROLLOUT_PCT_KEY;

/** Both values as they are stored, unparsed; `null` is absent. */
export type StoredValues = Readonly<Record<RolloutKey, string | null>>;

/** The values to write; a key that is not there is left as it is. */
export type Changes = Readonly<Partial<Record<RolloutKey, string>>>;

/** What must still hold when a change is written. */
export interface WriteGuard {
  /** What the store held when the change was decided. */
  readonly expected: StoredValues;
  /** The lock that the change is made under. */
  readonly lock: HeldLock;
  /** The mark of the last rollback, as it was when the change began. */
  readonly mark: string | null;
}

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
   * What all operators of this store agree on, kept beside the keys; `null` where the store has no
   * place for it, so that the journal's place must do.
   */
  readonly coordination: Coordination | null;
  /**
   * Makes a change, all or nothing where the store can; durable once resolved.
   *
   * A store that can tell writes only while it holds what `guard` expects, and rejects with a
   * {@link StoreConflictError} otherwise; one with `coordination` also where the lock is no longer
   * ours, or someone has rolled back since. The others write all the same.
   */
  write(changes: Changes, guard: WriteGuard): Promise<void>;
  /**
   * Writes on no condition, as a rollback does. An older conditional write that is still under way
   * must fail, where the store can tell. A store that can do both in one step also leaves the mark of
   * a rollback by `who`.
   */
  overwrite(changes: Changes, who: string): Promise<void>;
  /**
   * Creates the store with these values, where a store can be missing. Never replaces one: rejects
   * with a {@link StoreConflictError} when it is there by now.
   */
  create?(values: Changes): Promise<void>;
  /** Rejects with a {@link StoreError} when writing is not permitted, where that can be told. */
  checkWritable?(): Promise<void>;
  close(): Promise<void>;
}
