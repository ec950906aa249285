import type { Holder } from "./coordination.ts";

/** The time for which one process leads. */
export interface LeaseTerm {
  /** Names this term, and no other: an effect of the leader can be checked by it. */
  readonly fence: string;
  /** The leader before, where its term was taken over; `null` where nobody led. */
  readonly takenFrom: Holder | null;
  /** Prolongs the term. Gives `false` once another process leads: this one must stop at once. */
  renew(): Promise<boolean>;
  /** Ends the term. Does nothing where another process leads by now. */
  release(): Promise<void>;
}

/** Either this process leads, or another one does. */
export type LeaseAttempt =
  | { readonly kind: "leading"; readonly term: LeaseTerm }
  | { readonly kind: "following"; readonly holder: Holder };

/**
 * Chooses one leader among several processes. It is another port than the change lock, which is held for
 * one change: a leader's lease never keeps an operator from a change.
 *
 * Where a store can check a fence, a lease that is not renewed ends by itself, and what the leader before
 * still does is refused. Anywhere else the lease of a process that lives is never taken over.
 */
export interface Lease {
  /** Where it lives, for people, without credentials. */
  readonly location: string;
  /** Tries once. Rejects where the place cannot be reached. */
  take(who: string): Promise<LeaseAttempt>;
  /** Who leads now, or `null`. */
  holder(): Promise<Holder | null>;
}

/** A text that only the leader can replace. */
export interface FencedRecord {
  /** Where it is, for people, without credentials. */
  readonly location: string;
  /** The text that was saved last; `null` where there is none. Anyone may read it. */
  load(): Promise<string | null>;
  /** Replaces the whole text. Rejects, and saves nothing, where the term has ended. */
  save(text: string): Promise<void>;
}

/** What controllers of several hosts share beside the keys of a store that can check a fence. */
export interface Leadership {
  readonly lease: Lease;
  /** How long a term lasts that is not renewed, in milliseconds. */
  readonly termMs: number;
  /**
   * A record beside the keys.
   *
   * @param name Such as `state`. Letters alone.
   * @param fence That of the term in which it is saved.
   */
  record(name: string, fence: string): FencedRecord;
}
