import type { Coordination } from "./coordination.ts";
import type { WriteGuard } from "./operator-store.ts";
import { StoreConflictError } from "./operator-store.ts";
import { markText } from "./rollback-mark.ts";

/**
 * Rejects with a {@link StoreConflictError} when someone has rolled back since the change began: even
 * where that has left the values as they were, the change is older.
 */
export async function checkStillDue(
  { mark }: Coordination,
  guard: Pick<WriteGuard, "mark">,
): Promise<void> {
  const now = await mark.read();
  if (now !== guard.mark) throw new StoreConflictError(markText(now));
}

/** The fault of a change whose lock is no longer its own. */
export function lockLost(): StoreConflictError {
  return new StoreConflictError(
    "the lock of this change has expired, or another operator has taken it",
  );
}

/**
 * The fault of what a controller does whose lease the store does not have: another one leads by now, or
 * nobody does.
 */
export function leadLost(): StoreConflictError {
  return new StoreConflictError("the lease does not count any more: another controller may lead");
}
