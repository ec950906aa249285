import { durationMs } from "./duration.ts";
import type { Plan, Stage } from "./plan.ts";
import { nextStage, stageAt } from "./plan.ts";

/** A change of the percentage in force. */
export interface EffectiveChange {
  /** Milliseconds of the epoch. */
  readonly at: number;
  /** The percentage in force from then on, 0 to 100; 0 while the switch is off. */
  readonly effective: number;
}

/** What happened so far, and the present moment. The caller has the clock. */
export interface History {
  /** Oldest first. Without a change, 0 is in force, since now. */
  readonly changes: readonly EffectiveChange[];
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
  /** For how long the present percentage has been in force, in milliseconds, at least 0. */
  readonly heldMs: number;
  /** What is left of the hold in milliseconds; 0 where it is over, or no hold counts. */
  readonly leftMs: number;
}

/** Judges a change to the effective percentage `to` by a plan. Pure: the same input, the same verdict. */
export function gate(plan: Plan, history: History, to: number): Verdict {
  const { fromPct, since } = presentOf(history);
  const stage = stageAt(plan, fromPct);
  // A clock that went back must not make a hold longer than the plan says.
  const heldMs = Math.max(0, history.now - since);
  const holdMs = stage === null ? 0 : (durationMs(stage.hold) ?? 0);
  const nextStagePct = nextStage(plan, fromPct)?.pct ?? 100;
  const leftMs = Math.max(0, holdMs - heldMs);
  const why = reasonOf(fromPct, to, nextStagePct, leftMs);
  const allowed = why === "not-raised" || why === "within-plan";
  return { allowed, why, fromPct, nextStagePct, stage, heldMs, leftMs };
}

function reasonOf(fromPct: number, to: number, nextPct: number, leftMs: number): GateReason {
  if (to <= fromPct) return "not-raised";
  if (to > nextPct) return "skips-stage";
  return leftMs > 0 ? "hold-not-over" : "within-plan";
}

/** The percentage in force, and since when: a change to the same percentage does not restart the hold. */
function presentOf({ changes, now }: History): { fromPct: number; since: number } {
  const fromPct = changes.at(-1)?.effective ?? 0;
  const before = changes.findLastIndex(({ effective }) => effective !== fromPct);
  return { fromPct, since: changes[before + 1]?.at ?? now };
}
