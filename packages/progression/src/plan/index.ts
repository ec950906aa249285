export { describeVerdict } from "./describe-verdict.ts";
export { durationMs, durationText } from "./duration.ts";
export type { FreezeWindow } from "./freeze.ts";
export { freezeEndsAt, isFrozen, parseFreeze } from "./freeze.ts";
export type { EffectiveChange, GateReason, History, Verdict } from "./gate.ts";
export { gate } from "./gate.ts";
export type { PlanCode, PlanFinding } from "./finding.ts";
export { lintPlan } from "./lint-plan.ts";
export type { ParsedPlan } from "./parse-plan.ts";
export { parsePlan } from "./parse-plan.ts";
export { parseAmount, parseRate, parseRps } from "./parse-traffic.ts";
export type { PlanContext, SourceGives } from "./plan-context.ts";
export type { LookAhead, Outlook, PlanOutlook } from "./plan-preflight.ts";
export { lookAhead, outlookOf } from "./plan-preflight.ts";
export type { PlanTable, TableRows } from "./plan-table.ts";
export { findingRows, planTable } from "./plan-table.ts";
export type { Plan, Stage } from "./plan.ts";
export { nextStage, RUNBOOK_PLAN, stageAt } from "./plan.ts";
export type {
  CounterSelector,
  RolloutPlan,
  RolloutSignal,
  RolloutStage,
  SignalSubject,
} from "./rollout-plan.ts";
export { expandPlan, PLAN_DEFAULTS, RUNBOOK_SIGNALS } from "./short-plan.ts";
export type { StageRail } from "./stage-rail.ts";
export { stageRail } from "./stage-rail.ts";
