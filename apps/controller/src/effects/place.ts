import type { ProofMeans } from "@edgezero/operations/proof/claim";
import type { Journal } from "@edgezero/operations/journal/journal";
import type { Reading } from "@edgezero/operations/reading";
import type { OperatorStore } from "@edgezero/stores/operator-store";

/** Where a controller acts: one store, its trail and its gateways. */
export interface Place {
  readonly store: OperatorStore;
  readonly journal: Journal;
  /** The controller's name in trail, lock and mark. */
  readonly who: string;
  readonly urls: readonly string[];
  /** Signs probes; `null` where there is no secret. */
  readonly secret: string | null;
  readonly means: Omit<ProofMeans, "isSigned">;
  /** Takes secrets out of a text. */
  readonly safe: (text: string) => string;
  /** Whether this process still leads: another controller never acts beside it. */
  readonly leads: () => Promise<boolean>;
  /**
   * The fence of this process's term, where the store refuses a raise without it; `null` where no store can.
   */
  readonly leader: string | null;
}

/** What the store was read to have. */
export interface Seen {
  readonly reading: Reading;
  /** The mark of the last rollback, read before the values. */
  readonly mark: string | null;
}
