import type { Plan, Verdict } from "@edgezero/progression/plan";
import { gate } from "@edgezero/progression/plan";
import type { Changes, StoredValues } from "@edgezero/stores/operator-store";
import { effectiveChanges, effectivePct } from "../journal/effective-changes.ts";
import type { NewEntry } from "../journal/entry.ts";
import { noteOf } from "../journal/entry.ts";
import type { JournalContent } from "../journal/journal.ts";

/** The plan that judges a change. */
export interface PlanGate {
  readonly plan: Plan;
  /** Whether the operator overrides the plan. */
  readonly isForced: boolean;
}

/** A change as the plan judges it. */
export interface JudgedChange {
  readonly verdict: Verdict;
  /** The percentage in force after the change. */
  readonly toPct: number;
  /** Whether the journal got an entry from which on the hold counts. */
  readonly isHoldBegun: boolean;
}

/** Judges a change by what the journal says. Pure. */
export function judgeChange(
  { plan }: PlanGate,
  content: JournalContent,
  store: string,
  from: StoredValues,
  to: Changes,
  now: number,
): JudgedChange {
  const changes = effectiveChanges(content, store);
  const toPct = effectivePct({ ...from, ...to });
  const verdict = gate(plan, { changes, present: effectivePct(from), now }, toPct);
  return { verdict, toPct, isHoldBegun: false };
}

/** The entry that says that a change overrides the plan; empty where it keeps to the plan. */
export function overrideEntries(
  { verdict, toPct }: JudgedChange,
  who: string,
  store: string,
): NewEntry[] {
  if (verdict.allowed) return [];
  const { why, fromPct, nextStagePct, stage } = verdict;
  const rule =
    why === "skips-stage"
      ? `the next stage is ${nextStagePct}%`
      : `the plan holds ${fromPct}% for ${stage?.hold}`;
  const detail = `forced from ${fromPct}% to ${toPct}%: ${rule}`;
  return [noteOf("plan-overridden", { who, store, detail })];
}

/** Whether the hold that begins now is on record, for people. */
export function recordText({ verdict, isHoldBegun }: Omit<JudgedChange, "toPct">): string {
  if (verdict.stage === null || verdict.isDated) return "";
  return isHoldBegun
    ? " The audit trail now says that the hold began."
    : " The start of the hold is not in the audit trail yet: only a try without --dry-run writes it there.";
}
