import { messageOf } from "@edgezero/faults/faults";
import type { StoredValues } from "@edgezero/stores/operator-store";
import { StoreConflictError } from "@edgezero/stores/operator-store";
import { checkStillDue } from "@edgezero/stores/still-due";
import { isSameValues } from "@edgezero/stores/stored-values";
import type { Operation } from "../operation.ts";
import { OperationError } from "../operation-error.ts";

/**
 * Rejects where someone has rolled back since the operation began, or the mark cannot be read. The change
 * is then older than the rollback, even where the rollback left the values as they were.
 */
export async function stillDue({ coordination, mark }: Operation): Promise<void> {
  await checkStillDue(coordination, { mark });
}

/**
 * Reads the values that a change replaces.
 *
 * @throws OperationError `changed-meanwhile` where they are not those that were shown, or
 * `rolled-back-meanwhile`.
 * @throws StoreError where the values or the mark of a rollback cannot be read.
 */
export async function readBefore(operation: Operation, shown: StoredValues): Promise<StoredValues> {
  await stillDue(operation).catch((error: unknown) => {
    if (!(error instanceof StoreConflictError)) throw error;
    throw new OperationError("rolled-back-meanwhile", { why: messageOf(error) }, error);
  });
  const found = await operation.store.read();
  if (isSameValues(found, shown)) return found;
  throw new OperationError("changed-meanwhile", { shown, found });
}
