import { messageOf } from "@edgezero/faults/faults";
import type { Operation } from "../operation.ts";
import { OperationError } from "../operation-error.ts";

/** Rejects a fault of the journal as an operation's. */
export function journalFault({ journal }: Operation): (error: unknown) => never {
  return (error) => {
    const { location } = journal;
    throw new OperationError("journal-broken", { location, why: messageOf(error) }, error);
  };
}
