export { durationMs } from "./duration.ts";
export type { EffectiveChange, GateReason, History, Verdict } from "./gate.ts";
export { gate } from "./gate.ts";
export type { ParsedPlan, PlanFinding } from "./parse-plan.ts";
export { parsePlan } from "./parse-plan.ts";
export type { Plan, Stage } from "./plan.ts";
export { nextStage, RUNBOOK_PLAN, stageAt } from "./plan.ts";
