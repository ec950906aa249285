import type { History, Plan, Verdict } from "@edgezero/progression/plan";
import { durationMs, gate, stageAt } from "@edgezero/progression/plan";

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

/** Derives where a rollout stands. Without any change in `history`, how long is not known. Pure. */
export function stageRail(plan: Plan, pct: number, history: History): StageRail {
  const isDated = history.changes.length > 0;
  const changes = isDated ? history.changes : [{ at: history.now, effective: pct }];
  const verdict = gate(plan, { ...history, changes }, pct);
  const index = plan.findIndex((stage) => stage.pct === pct);
  const next = plan.find((stage) => stage.pct > pct)?.pct ?? null;
  const hold = stageAt(plan, pct)?.hold ?? null;
  const parts = [
    placeText(plan, pct, index),
    `${pct}%`,
    ...(index < 0 ? [] : [heldText(verdict, isDated)]),
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

function heldText({ stage, heldMs, leftMs }: Verdict, isDated: boolean): string {
  const hold = spanText(durationMs(stage?.hold ?? "") ?? 0);
  if (!isDated) return `held since an unknown time, of ${hold}`;
  return leftMs > 0 ? `${spanText(heldMs)} of ${hold}` : `${hold} are over`;
}

const UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/** A span in its two largest units, such as `1 h 20 m`, as plans spell them. */
export function spanText(ms: number): string {
  const first = UNITS.findIndex(([, length]) => ms >= length);
  if (first < 0) return "0 s";
  let left = ms;
  const parts = UNITS.slice(first, first + 2).map(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count === 0 ? "" : `${count} ${unit}`;
  });
  return parts.filter((part) => part !== "").join(" ");
}
