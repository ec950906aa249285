import { durationMs } from "./duration.ts";
import type { Plan, Stage } from "./plan.ts";
import { nextStage, stageAt } from "./plan.ts";

/** The percentage that was in force at a time, by a record such as the audit trail. */
export interface EffectiveChange {
  /** Milliseconds of the epoch. */
  readonly at: number;
  /** The percentage in force from then on, 0 to 100; 0 while the switch is off. */
  readonly effective: number;
  /** Whether its hold was begun here, since the record did not say since when it was in force. */
  readonly beginsHold?: boolean | undefined;
}

/** What happened so far, and the present moment. The caller has the clock. */
export interface History {
  /** In the order of the record, oldest first. Empty where there is no record. */
  readonly changes: readonly EffectiveChange[];
  /** The percentage in force by the store, 0 to 100; 0 while the switch is off. */
  readonly present: number;
  /** Milliseconds of the epoch. */
  readonly now: number;
}

/** Why a change is allowed or not. */
export type GateReason =
  /** Allowed: it lowers the percentage, or leaves it. Such a change is never judged. */
  | "not-raised"
  /** Allowed: at most one stage further, and the present stage was held. */
  | "within-plan"
  /** Not allowed: it is more than one stage further, whether the hold is over or not. */
  | "skips-stage"
  /** Not allowed: the hold of the present stage is not over. */
  | "hold-not-over";

/** The judgement of a change. */
export interface Verdict {
  readonly allowed: boolean;
  readonly why: GateReason;
  /** The percentage in force before the change. */
  readonly fromPct: number;
  /** The furthest percentage that is at most one stage up: 100 after the last stage. */
  readonly nextStagePct: number;
  /** The stage whose hold counts, or `null` where the present percentage is not that of a stage. */
  readonly stage: Stage | null;
  /** Whether the record says since when the present percentage is in force. Otherwise: since now. */
  readonly isDated: boolean;
  /** For how long the present percentage has been in force, in milliseconds, at least 0. */
  readonly heldMs: number;
  /** What is left of the hold in milliseconds; 0 where it is over, or no hold counts. */
  readonly leftMs: number;
}

/**
 * Judges a change to the effective percentage `to` by a plan. Pure: the same input, the same verdict.
 * Between two stages, and without stages, no hold counts.
 */
export function gate(plan: Plan, history: History, to: number): Verdict {
  const { present: fromPct, now } = history;
  const stage = stageAt(plan, fromPct);
  const since = sinceOf(history);
  const heldMs = since === null ? 0 : now - since;
  const holdMs = stage === null ? 0 : (durationMs(stage.hold) ?? 0);
  const nextStagePct = nextStage(plan, fromPct)?.pct ?? 100;
  const leftMs = Math.max(0, holdMs - heldMs);
  const why = reasonOf(fromPct, to, nextStagePct, leftMs);
  const allowed = why === "not-raised" || why === "within-plan";
  return { allowed, why, fromPct, nextStagePct, stage, isDated: since !== null, heldMs, leftMs };
}

function reasonOf(fromPct: number, to: number, nextPct: number, leftMs: number): GateReason {
  if (to <= fromPct) return "not-raised";
  if (to > nextPct) return "skips-stage";
  return leftMs > 0 ? "hold-not-over" : "within-plan";
}

/**
 * Since when the present percentage is in force: the first of the last records that agree with it.
 * `null` where the last record is of another percentage, so that the last change is not on record, or
 * where its time is in the future, so that a clock was wrong.
 */
function sinceOf({ changes, present, now }: History): number | null {
  if (changes.at(-1)?.effective !== present) return null;
  const begun = changes.findLastIndex(({ beginsHold }) => beginsHold === true);
  const differs = changes.findLastIndex(({ effective }) => effective !== present);
  const first = Math.max(begun, differs + 1);
  // Where a clock went back, a change is still no older than the records before it. A hold that was begun
  // stands by itself, but for times that have passed by now: its clock may have been behind them.
  const times = changes
    .slice(0, first + 1)
    .map(({ at }) => at)
    .filter((at, index) => index >= begun || at <= now);
  const since = times.reduce((latest, at) => Math.max(latest, at), 0);
  return since <= now ? since : null;
}
