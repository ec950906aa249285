import type { Coordination, Holder } from "@edgezero/stores/coordination";
import type { OperatorStore, StoredValues } from "@edgezero/stores/operator-store";

/** A store whose operators meet beside its keys. It holds {@link AT_10} at first, no lock and no mark. */
export interface CoordinatedStoreFixture {
  /** Opens the store, as each operator does for itself. */
  open(): OperatorStore;
  /** The values that are stored, seen from outside. */
  stored(): Promise<StoredValues>;
  /** Makes the lock that is held now expire, as it does after its time. */
  expireLock(): Promise<void>;
  /** Puts the lock of another process in place. */
  leaveLock(holder: Holder): Promise<void>;
  close(): Promise<void>;
}

/** The values at the start of each test. */
export const AT_10: StoredValues = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };

/** The coordination of a store that must have one. */
export function coordinationOf({ coordination }: OperatorStore): Coordination {
  if (coordination === null) throw new Error("the store has no coordination");
  return coordination;
}
