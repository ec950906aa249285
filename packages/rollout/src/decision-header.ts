import type { Decision } from "./decide.ts";
import { headerParts, wholeNumber } from "./header-parts.ts";

/**
 * The response header that says how the decision was made, where attribution is set to `detail`.
 */
export const DECISION_HEADER = "x-edgezero-decision";

/** The text of {@link DECISION_HEADER}, such as `reason=bucket; pct=10; bucket=7; epoch=ab12cd`. */
export function formatDecision({ reason, rolloutPct, bucket }: Decision, epoch: string): string {
  const inBucket = bucket === undefined ? "" : ` bucket=${bucket};`;
  return `reason=${reason}; pct=${rolloutPct};${inBucket} epoch=${epoch}`;
}

/** The parts of {@link DECISION_HEADER}. A part that is absent or cannot be read is `null`. */
export interface DecisionDetail {
  /** Lower-case letters and hyphens, at most 40. A gateway of another version may know others. */
  readonly reason: string | null;
  /** The percentage that was applied, 0 to 100. */
  readonly pct: number | null;
  /** The client's bucket, 0 to 99. */
  readonly bucket: number | null;
  /** Lower-case hexadecimal digits, at most 64. */
  readonly epoch: string | null;
}

/**
 * Reads the text of {@link DECISION_HEADER}. Total: it takes any text. Parts may come in any order,
 * and parts with other names are ignored.
 *
 * @returns `null` when the header is absent, or has neither a reason nor an epoch.
 */
export function parseDecision(header: string | null | undefined): DecisionDetail | null {
  if (typeof header !== "string") return null;
  const { reason = "", pct, bucket, epoch = "" } = headerParts(header);
  if (reason === "" && epoch === "") return null;
  return {
    reason: /^[a-z-]{1,40}$/.test(reason) ? reason : null,
    pct: wholeNumber(pct, 100),
    bucket: wholeNumber(bucket, 99),
    epoch: /^[\da-f]{1,64}$/.test(epoch) ? epoch : null,
  };
}
