/** A step of a rollout: how far, and how long to stay there before the next. */
export interface Stage {
  /** A whole number, 1 to 100. */
  readonly pct: number;
  /** Such as `30m`, `2h`, `1d`. */
  readonly hold: string;
}

/** Stages by rising percentage. */
export type Plan = readonly Stage[];

/** The runbook's stages. */
export const RUNBOOK_PLAN: Plan = [
  { pct: 1, hold: "30m" },
  { pct: 10, hold: "2h" },
  { pct: 50, hold: "24h" },
  { pct: 100, hold: "48h" },
];

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The duration of a hold in milliseconds, or `null` when it is not one. */
export function holdMs(hold: string): number | null {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(hold) ?? [];
  return count === undefined ? null : Number(count) * (UNIT_MS[unit ?? ""] ?? 0);
}

/** The furthest percentage that is at most one stage up from `fromPct`: 100 after the last one. */
export function nextStagePct(plan: Plan, fromPct: number): number {
  return plan.find(({ pct }) => pct > fromPct)?.pct ?? 100;
}

/** The stage that is held at exactly this percentage. */
export function stageAt(plan: Plan, pct: number): Stage | undefined {
  return plan.find((stage) => stage.pct === pct);
}
