import type { Decision } from "../decide.ts";

/** The response header that says how the decision was made. */
export const DECISION_HEADER = "x-edgezero-decision";

/** The text of {@link DECISION_HEADER}, such as `reason=bucket; pct=10; bucket=7; epoch=ab12cd`. */
export function formatDecision({ reason, rolloutPct, bucket }: Decision, epoch: string): string {
  const inBucket = bucket === undefined ? "" : ` bucket=${bucket};`;
  return `reason=${reason}; pct=${rolloutPct};${inBucket} epoch=${epoch}`;
}
