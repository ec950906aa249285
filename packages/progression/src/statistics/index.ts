export { addWindow } from "./add-window.ts";
export type { Bar, Bars } from "./bars.ts";
export { barsOf } from "./bars.ts";
export type { Evidence } from "./evidence.ts";
export { restartEvidence, startEvidence, withoutStage } from "./evidence.ts";
export type { PreflightPlan, PreflightRow } from "./preflight.ts";
export { preflight } from "./preflight.ts";
export type { Reading } from "./reading.ts";
export { readSignal } from "./reading.ts";
export { describeLearning } from "./sentences/describe-learning.ts";
export { describePreflight } from "./sentences/describe-preflight.ts";
export { describeReading } from "./sentences/describe-reading.ts";
export type {
  Direction,
  Margin,
  QuantileSignal,
  RateSignal,
  Signal,
  SignalOptions,
} from "./signal.ts";
export { splitAlpha } from "./split-alpha.ts";
export type { Traffic } from "./traffic.ts";
export type { Judgement, Verdict } from "./verdict.ts";
export { judgeSignal, readsWorse } from "./verdict.ts";
export type { Counts, Histogram, SignalWindow } from "./window.ts";
