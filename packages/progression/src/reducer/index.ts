export type { Blocker, BlockerKind } from "./blockers.ts";
export { blockersOf } from "./blockers.ts";
export type { Row, TableCommand } from "./commands-table.ts";
export { COMMAND_TABLE } from "./commands-table.ts";
export type { Effect, PageReason } from "./effect.ts";
export type {
  Clients,
  Command,
  CommandName,
  EventOf,
  EventType,
  EvidenceWindow,
  PathCounts,
  RolloutEvent,
} from "./event.ts";
export type { AdvisoryValue, ExplainedAdvisory } from "./advisory.ts";
export type { ExplainedReason, ExplainedStage, Explanation } from "./explain.ts";
export type { ExplainedSignal } from "./explain-signal.ts";
export { explain } from "./explain.ts";
export { initialState } from "./initial-state.ts";
export { mergeWindows } from "./merge-windows.ts";
export { readEvent } from "./read-event.ts";
export { reduce } from "./reduce.ts";
export { describeBlocker, describeCause } from "./sentences.ts";
export type { HeldReason, Pass, Phase, PhaseName, Rollback, RollbackCause } from "./phase.ts";
export type { RolloutState, Site } from "./state.ts";
export { HELD_REASONS, isExposed } from "./phase.ts";
export type { Step } from "./step.ts";
