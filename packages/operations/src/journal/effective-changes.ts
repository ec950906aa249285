import type { EffectiveChange } from "@edgezero/progression/plan";
import {
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
  parseEdgezeroFlag,
  parseRolloutPct,
} from "@edgezero/rollout";
import type { Changes, StoredValues } from "@edgezero/stores/operator-store";
import type { Entry } from "./entry.ts";
import { NO_HASH } from "./entry.ts";
import type { JournalContent } from "./journal.ts";

/** The percentage that values put in force: 0 while the switch is off or a value is not valid. Pure. */
export function effectivePct(values: Changes | StoredValues): number {
  const isOn = parseEdgezeroFlag(values[EDGEZERO_ENABLED_KEY]);
  return isOn ? (parseRolloutPct(values[EDGEZERO_ROLLOUT_PCT_KEY]) ?? 0) : 0;
}

/**
 * The percentages that were in force in a store, as far as a journal can be believed: entries before a
 * gap or a changed entry say nothing. Pure.
 */
export function effectiveChanges(content: JournalContent, store: string): EffectiveChange[] {
  const entries = believed(content).filter((entry) => entry.store === store);
  return entries.flatMap((entry) => {
    // Before its write, a change saw the values that it was to replace.
    const values = entry.kind === "intent" ? entry.from : entry.values;
    if (values === null) return [];
    // Only a begun hold that the head vouches for stands by itself.
    const isVouched = content.entries.indexOf(entry) < content.vouched;
    const beginsHold = isVouched && entry.kind === "note" && entry.note === "hold-begun";
    return [{ at: Date.parse(entry.at), effective: effectivePct(values), beginsHold }];
  });
}

/** The entries at the end that fit each other and the head; empty where the end itself is in doubt. */
function believed({ entries, hashes, vouched, archived }: JournalContent): readonly Entry[] {
  if (vouched === 0) return [];
  let first = entries.length;
  for (const [index, entry] of [...entries.entries()].toReversed()) {
    const before = entries[index - 1];
    const follows = entry.prev === (hashes[index - 1] ?? archived?.hash ?? NO_HASH);
    // The first one after a gap is believed for what follows it; one that is the first of all, or has
    // another number, is not.
    if (follows ? entry.seq !== (before?.seq ?? archived?.entries ?? 0) + 1 : before === undefined)
      break;
    first = index;
    if (!follows) break;
  }
  return entries.slice(first);
}
