/** An older lock was left behind: a change takes seconds, since its question is asked before it. */
export const LOCK_STALE_AFTER_MS: number = 10 * 60_000;

/** The operator who holds a lock. */
export interface Holder {
  readonly who: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly command: string;
  /** Tells the process from later ones of its number on its host; `null` where its platform does not say. */
  readonly start?: string | null;
}

/** A lock that is ours until `release`, or until it expires. */
export interface HeldLock {
  /** A text that differs for each hold. The store checks a write by it. */
  readonly fence: string;
  /** The holder that had left the lock behind, where it was taken over; `null` where it was free. */
  readonly takenFrom: Holder | null;
  /** Gives the lock back. Does nothing where it is no longer ours. May be called again. */
  release(): Promise<void>;
}

/** Either the lock is ours, or another operator holds it. */
export type LockAttempt =
  | { readonly kind: "held"; readonly lock: HeldLock }
  | { readonly kind: "busy"; readonly holder: Holder };

/** The lock of changes: only one operator makes a change at a time. A rollback never waits for it. */
export interface ChangeLock {
  /** Tries once. Takes over the lock of a holder that is gone. Rejects where the place cannot be reached. */
  take(who: string, command: string): Promise<LockAttempt>;
  /** The holder now, or `null`. A lock that was left behind counts as free. */
  holder(): Promise<Holder | null>;
  /** The file or key that an operator can remove by hand, where the holder is known to be gone. */
  readonly location: string;
}

/**
 * The mark that a rollback leaves. A change that finds another mark than when it began is older than
 * that rollback, and must not be written, even where the rollback left the values as they were.
 */
export interface RollbackMark {
  /**
   * The mark of the last rollback, a text that differs for each; `null` where there was no rollback, or
   * where this user may not see it. Such a user can make no change either.
   */
  read(): Promise<string | null>;
  /** Leaves a new mark. */
  leave(who: string): Promise<void>;
}

/** The lock and the mark that all operators of one store share. */
export interface Coordination {
  /** The place of both, for people. */
  readonly location: string;
  readonly lock: ChangeLock;
  readonly mark: RollbackMark;
}
