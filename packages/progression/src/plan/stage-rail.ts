import { durationMs } from "./duration.ts";
import type { History, Verdict } from "./gate.ts";
import { gate } from "./gate.ts";
import type { Plan } from "./plan.ts";
import { stageAt } from "./plan.ts";
import { spanText } from "./span.ts";

/** Where a rollout stands in its plan. */
export interface StageRail {
  /** For people, in one line. */
  readonly text: string;
  /** The same for a JSON document. */
  readonly document: {
    /** From 1; `null` where the percentage is not that of a stage. */
    readonly number: number | null;
    readonly of: number;
    /** The percentage in force. */
    readonly pct: number;
    /** For how long; `null` where no record says since when. */
    readonly heldMs: number | null;
    /** How long the plan holds the stage; `null` where no hold counts. */
    readonly holdMs: number | null;
    /** The percentage of the next stage; `null` after the last one. */
    readonly nextPct: number | null;
  };
}

/** Derives where a rollout stands, by the clock that its gate goes by. Pure. */
export function stageRail(plan: Plan, history: History): StageRail {
  const pct = history.present;
  const verdict = gate(plan, history, pct);
  const { isDated } = verdict;
  const index = plan.findIndex((stage) => stage.pct === pct);
  const next = plan.find((stage) => stage.pct > pct)?.pct ?? null;
  const hold = stageAt(plan, pct)?.hold ?? null;
  const parts = [
    placeText(plan, pct, index),
    `${pct}%`,
    ...(index < 0 ? [] : [heldText(verdict)]),
    next === null ? "no next stage" : `next ${next}%`,
  ];
  return {
    text: parts.join(" · "),
    document: {
      number: index < 0 ? null : index + 1,
      of: plan.length,
      pct,
      heldMs: isDated ? verdict.heldMs : null,
      holdMs: hold === null ? null : durationMs(hold),
      nextPct: next,
    },
  };
}

function placeText(plan: Plan, pct: number, index: number): string {
  if (index >= 0) return `stage ${index + 1} of ${plan.length}`;
  const passed = plan.filter((stage) => stage.pct < pct).length;
  if (passed === 0) return `before stage 1 of ${plan.length}`;
  if (passed === plan.length) return `past stage ${passed}, the last`;
  return `between stages ${passed} and ${passed + 1} of ${plan.length}`;
}

function heldText({ stage, isDated, heldMs, leftMs }: Verdict): string {
  const hold = spanText(durationMs(stage?.hold ?? "") ?? 0);
  if (!isDated) return `held since an unknown time, of ${hold}`;
  return leftMs > 0 ? `${spanText(heldMs)} of ${hold}` : `${hold} are over`;
}
