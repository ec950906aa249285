export type { RolloutPlan, RolloutSignal, RolloutStage } from "./plan/index.ts";
export { expandPlan } from "./plan/index.ts";
export type {
  Blocker,
  Command,
  CommandName,
  Effect,
  EvidenceWindow,
  HeldReason,
  PageReason,
  Phase,
  PhaseName,
  RolloutEvent,
  RolloutState,
  Site,
  Step,
} from "./reducer/index.ts";
export {
  blockersOf,
  COMMAND_TABLE,
  HELD_REASONS,
  initialState,
  readEvent,
  reduce,
} from "./reducer/index.ts";
export type {
  Counts,
  Direction,
  Evidence,
  Histogram,
  Judgement,
  Margin,
  PreflightPlan,
  PreflightRow,
  QuantileSignal,
  RateSignal,
  Reading,
  Signal,
  SignalOptions,
  SignalWindow,
  Traffic,
  Verdict,
} from "./statistics/index.ts";
export {
  addWindow,
  describePreflight,
  describeReading,
  judgeSignal,
  preflight,
  readSignal,
  restartEvidence,
  splitAlpha,
  startEvidence,
} from "./statistics/index.ts";
