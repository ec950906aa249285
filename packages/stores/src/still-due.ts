import type { Coordination } from "./coordination.ts";
import type { WriteGuard } from "./operator-store.ts";
import { StoreConflictError } from "./operator-store.ts";
import { parseShown } from "./parse-shown.ts";

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

/** Who left a mark, and when, for people. */
export function markText(mark: string | null): string {
  try {
    const { who, at } = parseShown(mark ?? "") as Readonly<Record<string, unknown>>;
    return `${String(who)} has rolled back meanwhile, at ${String(at)}`;
  } catch {
    return "someone has rolled back meanwhile";
  }
}
