import { durationMs } from "./duration.ts";
import type { Plan } from "./plan.ts";
import type { RolloutPlan, RolloutSignal, RolloutStage } from "./rollout-plan.ts";

/** What a stage means where it says no more than its percentage and its hold. */
export const STAGE_DEFAULTS: Pick<RolloutStage, "minRequests" | "approval"> = {
  minRequests: 100,
  approval: false,
};

/** What a signal means where it leaves something out. */
export const SIGNAL_DEFAULTS: Pick<
  RolloutSignal,
  "rollbackAfterMs" | "required" | "weight" | "minTrials" | "minHits" | "source"
> = {
  rollbackAfterMs: null,
  required: true,
  weight: 1,
  minTrials: null,
  minHits: null,
  source: null,
};

/** The runbook's signals: what the short form of a plan watches. */
export const RUNBOOK_SIGNALS: readonly RolloutSignal[] = [
  {
    ...SIGNAL_DEFAULTS,
    name: "errors",
    kind: "rate",
    of: "failures",
    margin: { abs: 0.001 },
    worse: "up",
    ceiling: 0.02,
    quantile: null,
    breach: "rollback",
    weight: 8,
  },
  {
    ...SIGNAL_DEFAULTS,
    name: "timeouts",
    kind: "rate",
    of: "timeouts",
    margin: { ratio: 2 },
    worse: "up",
    ceiling: null,
    quantile: null,
    breach: "rollback",
  },
  {
    ...SIGNAL_DEFAULTS,
    name: "p95",
    kind: "quantile",
    of: "latency",
    margin: { rel: 0.15 },
    worse: "up",
    ceiling: null,
    quantile: 0.95,
    breach: "hold",
    rollbackAfterMs: 3_600_000,
  },
];

/** All that a plan means where it leaves everything out but its stages. */
export const PLAN_DEFAULTS: Omit<RolloutPlan, "stages"> = {
  advance: "no-breach",
  signals: RUNBOOK_SIGNALS,
  falseRollback: 0.01,
  freeze: [],
  noData: { graceMs: 120_000, pageMs: 300_000, repeatMs: 900_000, rollbackAfterMs: null },
  propagationMs: null,
  windowMs: 15_000,
  drainMs: 300_000,
};

/** The meaning of a plan in the short form: its stages, the runbook's signals, and every default. */
export function expandPlan(plan: Plan): RolloutPlan {
  const stages = plan.map(({ pct, hold }) => ({
    ...STAGE_DEFAULTS,
    pct,
    holdMs: durationMs(hold) ?? 0,
  }));
  return { ...PLAN_DEFAULTS, stages };
}
