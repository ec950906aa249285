import type { Coordination, HeldLock } from "@edgezero/stores/coordination";
import type { OperatorStore, StoredValues, WriteGuard } from "@edgezero/stores/operator-store";

/**
 * The guard of a change that begins now: by the lock and the mark of the store itself, where it has
 * them. Release `lock` after the test, since only one change can have it.
 */
export async function guardOver(
  { coordination }: OperatorStore,
  expected: StoredValues,
): Promise<WriteGuard> {
  // A store that keeps no lock never checks this one.
  if (coordination === null) return { expected, lock: NO_LOCK, mark: null };
  const mark = await coordination.mark.read();
  return { expected, lock: await lockOf(coordination), mark };
}

/** Takes the lock. Rejects where another holds it. */
export async function lockOf({ lock }: Coordination, who: string = "ann"): Promise<HeldLock> {
  const attempt = await lock.take(who, "set");
  if (attempt.kind === "busy") throw new Error(`${attempt.holder.who} holds the lock`);
  return attempt.lock;
}

const NO_LOCK: HeldLock = { fence: "", takenFrom: null, release: async () => {} };
