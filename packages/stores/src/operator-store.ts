import type { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { Coordination, HeldLock } from "./coordination.ts";
import type { Leadership } from "./lease.ts";

/** One of the two keys of a rollout. */
export type RolloutKey = typeof EDGEZERO_ENABLED_KEY | typeof EDGEZERO_ROLLOUT_PCT_KEY;

/** Both values as they are stored, not parsed; `null` is absent. */
export type StoredValues = Readonly<Record<RolloutKey, string | null>>;

/** The values to write. A key that is missing here keeps its value. */
export type Changes = Readonly<Partial<Record<RolloutKey, string>>>;

/** The conditions of a change, which must still hold when it is written. */
export interface WriteGuard {
  /** The values that the change was decided on. */
  readonly expected: StoredValues;
  /** The lock of the change. */
  readonly lock: HeldLock;
  /** The mark of the last rollback, as it was when the change began. */
  readonly mark: string | null;
  /**
   * The fence of the leader's term, where a controller makes the change; absent or `null` where a person
   * does. A store without `leadership` does not look at it.
   */
  readonly leader?: string | null | undefined;
}

/** Thrown where the store could not do something. The message says what, and holds no credentials. */
export class StoreError extends Error {
  override readonly name: string = "StoreError";
}

/** Thrown where the store itself is missing, as opposed to a key in it, and the store can tell. */
export class StoreMissingError extends StoreError {
  override readonly name: string = "StoreMissingError";
}

/** Thrown where no second attempt can succeed: the URL is wrong, or a token is missing. */
export class StoreSetupError extends StoreError {
  override readonly name: string = "StoreSetupError";
}

/** Thrown where a condition of a change no longer holds. Nothing was written. */
export class StoreConflictError extends StoreError {
  override readonly name: string = "StoreConflictError";
}

/**
 * A config store as an operator uses it. Every method rejects with a {@link StoreError}, and gives
 * up after the store's own time limit, never later than 10 seconds.
 */
export interface OperatorStore {
  /** The place of the store, for people, without credentials. */
  readonly location: string;
  /** The time that a write takes to reach every gateway, as the platform states it, for people. */
  readonly propagation: string;
  /** The same in milliseconds; `null` where the platform states no time. */
  readonly propagationMs: number | null;
  /** Reads both values from the source itself, not from a cache, where that is possible. */
  read(): Promise<StoredValues>;
  /**
   * The lock and the mark beside the keys; `null` where the store has no place for them. Operators then
   * meet in the place of the journal.
   */
  readonly coordination: Coordination | null;
  /** What controllers share; absent or `null` where the store cannot refuse what a former leader writes. */
  readonly leadership?: Leadership | null | undefined;
  /**
   * Makes a change, both values or none where the store can; durable once resolved.
   *
   * A store with `coordination` writes only where it holds the expected values, the lock is still ours
   * and nobody has rolled back since. Otherwise it rejects with a {@link StoreConflictError} and writes
   * nothing. A store without it checks nothing.
   */
  write(changes: Changes, guard: WriteGuard): Promise<void>;
  /**
   * Writes without any condition, as a rollback does. An older change that is still under way must fail,
   * where the store can tell. A store that can do both in one step also leaves the mark of a rollback by
   * `who`.
   */
  overwrite(changes: Changes, who: string): Promise<void>;
  /**
   * Creates the store with these values, where a store can be missing. Never replaces one: rejects with
   * a {@link StoreConflictError} when it exists by now.
   */
  create?(values: Changes): Promise<void>;
  /** Rejects with a {@link StoreError} when writing is not permitted, where that can be told. */
  checkWritable?(): Promise<void>;
  close(): Promise<void>;
}
