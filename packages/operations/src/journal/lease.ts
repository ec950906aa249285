import type { Holder } from "@edgezero/stores/coordination";

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
 * Chooses one leader among several processes, for as long as it lives. It is another port than the
 * change lock, which is held for one change: a leader's lease never keeps an operator from a change.
 */
export interface Lease {
  /** Where it lives, for people, without credentials. */
  readonly location: string;
  /** Tries once. The lease of a live process is never taken over. Rejects where the place cannot be reached. */
  take(who: string): Promise<LeaseAttempt>;
  /** Who leads now, or `null`. */
  holder(): Promise<Holder | null>;
}
