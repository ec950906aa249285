import type { Coordination, Holder } from "@edgezero/stores/coordination";
import type { OperatorStore, StoredValues } from "@edgezero/stores/operator-store";
import { afterEach, beforeEach } from "vitest";

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

/** A store, and what two operators have opened of it. */
export interface OpenForTwo {
  fixture: CoordinatedStoreFixture;
  anns: OperatorStore;
  bobs: OperatorStore;
}

/** Opens a store before each test, and for two operators; closes all of it after the test. */
export function openForTwo(open: () => Promise<CoordinatedStoreFixture>): OpenForTwo {
  const at = {} as OpenForTwo;
  beforeEach(async () => {
    const fixture = await open();
    Object.assign(at, { fixture, anns: fixture.open(), bobs: fixture.open() });
  });
  afterEach(async () => {
    await at.anns.close();
    await at.bobs.close();
    await at.fixture.close();
  });
  return at;
}
