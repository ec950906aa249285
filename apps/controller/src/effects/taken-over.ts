import { withDeadline } from "@edgezero/faults/deadline";
import { journalStateOf } from "@edgezero/operations/journal/journal-state";
import { isAllLegacy, readingOf } from "@edgezero/operations/reading";
import type { RolloutState } from "@edgezero/progression";
import { isSameLocation } from "@edgezero/stores/store-identity";
import { withoutHost } from "./controller-name.ts";
import type { Place } from "./place.ts";

/** A write of 0 that may be due waits no longer for the trail. */
const LIMIT_MS = 1000;

/** Someone who has put clients on EdgeZero after a rollback had begun. */
export interface TakenOver {
  readonly who: string;
  readonly pct: number;
}

/**
 * Whether an operator has raised the percentage while no controller lived to end its rollback: then the 0
 * that an earlier process may still owe is not written any more. Only a trail in order can tell; in any other
 * case this is `null`, and the 0 is written. Never rejects.
 */
export async function takenOver(
  { phase }: RolloutState,
  { journal, store, who }: Pick<Place, "journal" | "store" | "who">,
): Promise<TakenOver | null> {
  if (phase.name !== "rolling-back" || phase.rollback.writtenAt !== null) return null;
  const { since } = phase.rollback;
  try {
    const { entries, findings } = await withDeadline(LIMIT_MS, async () => journal.read());
    const last = journalStateOf(entries).lastChange?.result;
    if (findings.length > 0 || last === undefined) return null;
    if (!isSameLocation(last.store, store.location)) return null;
    // A controller that leads this environment from another machine has another host in its name.
    const isOurs = withoutHost(last.who) === withoutHost(who);
    if (isOurs || !(Date.parse(last.at) > since) || last.values === null) return null;
    const reading = await readingOf(last.values);
    return isAllLegacy(reading) ? null : { who: last.who, pct: reading.state.rolloutPct };
  } catch {
    return null;
  }
}
