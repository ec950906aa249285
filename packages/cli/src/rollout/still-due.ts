import { messageOf } from "@edgezero/faults/faults";
import { CliError } from "../cli-error.ts";
import type { Session } from "../session.ts";
import type { StoredValues } from "@edgezero/stores/operator-store";
import { checkStillDue } from "@edgezero/stores/still-due";
import { isSameValues } from "@edgezero/stores/stored-values";
import { valuesText } from "@edgezero/operations/reading";

const LOOK_AGAIN = "Nothing was written. Look again, and decide anew.";

/**
 * Rejects when someone has rolled back since this command began: even where that has left the value
 * as it was, this change is older.
 */
export async function stillDue({ coordination, mark }: Session): Promise<void> {
  await checkStillDue(coordination, { mark });
}

/**
 * Reads what a change replaces.
 *
 * @throws CliError when that is not what was shown, or someone has rolled back since.
 */
export async function readBefore(session: Session, shown: StoredValues): Promise<StoredValues> {
  await stillDue(session).catch((error: unknown) => {
    throw new CliError("refused", messageOf(error), { hint: LOOK_AGAIN });
  });
  const before = await session.store.read();
  if (isSameValues(before, shown)) return before;
  throw new CliError(
    "refused",
    `the store has changed meanwhile: from ${valuesText(shown)} to ${valuesText(before)}`,
    { hint: LOOK_AGAIN },
  );
}
