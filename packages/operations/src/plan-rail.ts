import type { Plan, StageRail } from "@edgezero/progression/plan";
import { stageRail } from "@edgezero/progression/plan";
import { effectiveChanges } from "./journal/effective-changes.ts";
import type { JournalContent } from "./journal/journal.ts";
import type { Reading } from "./reading.ts";

/**
 * Where the values in a store stand in the plan, and since when by the journal; `null` where no plan
 * holds. Without a journal, since when is not known.
 */
export function planRail(
  plan: Plan | null,
  content: JournalContent | null,
  store: string,
  { state }: Reading,
  now: number,
): StageRail | null {
  if (plan === null) return null;
  const changes = content === null ? [] : effectiveChanges(content, store);
  return stageRail(plan, { changes, present: state.rolloutPct, now });
}
