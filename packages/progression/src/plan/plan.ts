/** A step of a rollout: how far it goes, and how long it stays there before the next step. */
export interface Stage {
  /** A whole number, 1 to 100. */
  readonly pct: number;
  /** A duration such as `30m`, `2h` or `1d`. */
  readonly hold: string;
}

/** At least one stage, by rising percentage. */
export type Plan = readonly Stage[];

/** The stages of the runbook. */
export const RUNBOOK_PLAN: Plan = [
  { pct: 1, hold: "30m" },
  { pct: 10, hold: "2h" },
  { pct: 50, hold: "24h" },
  { pct: 100, hold: "48h" },
];

/** The first stage above `fromPct`, or `null` after the last one. */
export function nextStage(plan: Plan, fromPct: number): Stage | null {
  return plan.find(({ pct }) => pct > fromPct) ?? null;
}

/** The stage at exactly this percentage, or `null`. */
export function stageAt(plan: Plan, pct: number): Stage | null {
  return plan.find((stage) => stage.pct === pct) ?? null;
}
