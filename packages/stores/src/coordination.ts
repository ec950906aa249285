/** Who holds a lock, and since when. */
export interface Holder {
  readonly who: string;
  readonly host: string;
  readonly pid: number;
  /** ISO 8601, UTC. */
  readonly since: string;
  readonly command: string;
}

/** A lock that is ours until `release`, or until others may take it for abandoned. */
export interface HeldLock {
  /** Names this hold, and no other: what a write is checked by. */
  readonly fence: string;
  /** Who had left the lock behind, where it was taken over; `null` where it was free. */
  readonly takenFrom: Holder | null;
  /** Gives the lock back. Does nothing where it is no longer ours. */
  release(): Promise<void>;
}

/** Either the lock is ours, or someone else's. */
export type LockAttempt =
  | { readonly kind: "held"; readonly lock: HeldLock }
  | { readonly kind: "busy"; readonly holder: Holder };

/** The lock of one change: only one operator makes a change at a time. A rollback never waits for it. */
export interface ChangeLock {
  /** Tries once. A lock whose holder is gone is taken over. Rejects where the place cannot be reached. */
  take(who: string, command: string): Promise<LockAttempt>;
  /** Who holds it now, or `null`; a lock that was left behind counts as free. */
  holder(): Promise<Holder | null>;
  /** What to remove by hand, where a holder is known to be gone. */
  readonly location: string;
}

/**
 * The mark that a rollback leaves. A change that finds another mark than when it began is older than
 * that rollback, and must not be written, even where the rollback left the values as they were.
 */
export interface RollbackMark {
  /** The mark of the last rollback, as text that differs for each; `null` where there was no rollback. */
  read(): Promise<string | null>;
  leave(who: string): Promise<void>;
}

/** What all operators of one store agree on before they write. */
export interface Coordination {
  /** Where it lives, for people. */
  readonly location: string;
  readonly lock: ChangeLock;
  readonly mark: RollbackMark;
}
