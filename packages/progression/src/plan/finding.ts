/** What is wrong with a plan. */
export type PlanCode =
  | "not-a-plan"
  | "missing"
  | "unknown-key"
  | "wrong-value"
  | "not-rising"
  | "two-sided-times"
  | "ceiling-impossible"
  | "contradicting-no-data"
  | "endless-freeze"
  | "no-source"
  | "source-cannot"
  | "no-propagation"
  | "stage-too-short"
  | "hold-below-propagation"
  | "approval-at-end"
  | "no-ceiling"
  | "short-window"
  | "ends-below-100"
  | "nothing-rolls-back"
  | "nothing-required"
  | "requests-out-of-reach"
  | "proof-out-of-reach"
  | "proof-needs-hits"
  | "large-first-stage";

/** A place in a plan that is wrong, or that an operator should know of. */
export interface PlanFinding {
  readonly code: PlanCode;
  /** `error`: the plan is refused. */
  readonly level: "error" | "warning";
  /** A JSON pointer: `/stages/1/hold`; empty for the plan as a whole. */
  readonly place: string;
  /** What is wrong, without a full stop. */
  readonly message: string;
  /** What may stand there, without a full stop. */
  readonly allowed: string;
}

/** The level of each code: one home, so that no two findings of one code differ. */
export const LEVELS: Readonly<Record<PlanCode, PlanFinding["level"]>> = {
  "not-a-plan": "error",
  missing: "error",
  "unknown-key": "error",
  "wrong-value": "error",
  "not-rising": "error",
  "two-sided-times": "error",
  "ceiling-impossible": "error",
  "contradicting-no-data": "error",
  "endless-freeze": "error",
  "no-source": "error",
  "source-cannot": "error",
  "no-propagation": "error",
  "stage-too-short": "warning",
  "hold-below-propagation": "warning",
  "approval-at-end": "warning",
  "no-ceiling": "warning",
  "short-window": "warning",
  "ends-below-100": "warning",
  "nothing-rolls-back": "warning",
  "nothing-required": "warning",
  "requests-out-of-reach": "warning",
  "proof-out-of-reach": "warning",
  "proof-needs-hits": "warning",
  "large-first-stage": "warning",
};

export function finding(
  code: PlanCode,
  place: string,
  message: string,
  allowed: string,
): PlanFinding {
  return { code, level: LEVELS[code], place, message, allowed };
}
