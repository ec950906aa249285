export { durationMs } from "./duration.ts";
export type { FreezeWindow } from "./freeze.ts";
export { isFrozen, parseFreeze } from "./freeze.ts";
export type { EffectiveChange, GateReason, History, Verdict } from "./gate.ts";
export { gate } from "./gate.ts";
export type { PlanCode, PlanFinding } from "./finding.ts";
export { lintPlan } from "./lint-plan.ts";
export type { ParsedPlan } from "./parse-plan.ts";
export { parsePlan } from "./parse-plan.ts";
export type { PlanContext, SourceGives } from "./plan-context.ts";
export type { ParsedStages, StageFinding } from "./parse-stages.ts";
export { parseStages } from "./parse-stages.ts";
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
