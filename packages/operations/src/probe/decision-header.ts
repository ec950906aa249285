import type { RolloutPath } from "@edgezero/rollout";

/** The header that every routed response has. */
export const PATH_HEADER = "x-edgezero-path";
/** The header that a gateway with `ATTRIBUTION=detail` adds. */
export const DECISION_HEADER = "x-edgezero-decision";

/** What `x-edgezero-decision` says; a part that is absent or cannot be read is `null`. */
export interface DecisionDetail {
  readonly reason: string | null;
  readonly pct: number | null;
  readonly bucket: number | null;
  readonly epoch: string | null;
}

/** Reads `x-edgezero-path`; `null` when it is absent or says something else. */
export function parsePath(value: string | undefined): RolloutPath | null {
  return value === "legacy" || value === "edgezero" ? value : null;
}

/** Reads `reason=bucket; pct=10; bucket=7; epoch=ab12cd`; `null` when it is absent or no such list. */
export function parseDecision(value: string | undefined): DecisionDetail | null {
  if (value === undefined) return null;
  const parts = new Map(
    value.split(";").map((part): [string, string] => {
      const [name = "", text = ""] = part.split("=", 2);
      return [name.trim(), text.trim()];
    }),
  );
  const epoch = parts.get("epoch") ?? "";
  const reason = parts.get("reason") ?? "";
  if (epoch === "" && reason === "") return null;
  return {
    reason: /^[a-z-]{1,40}$/.test(reason) ? reason : null,
    pct: wholeNumber(parts.get("pct"), 100),
    bucket: wholeNumber(parts.get("bucket"), 99),
    epoch: /^[\da-f]{1,64}$/.test(epoch) ? epoch : null,
  };
}

function wholeNumber(text: string | undefined, most: number): number | null {
  return text !== undefined && /^\d{1,3}$/.test(text) && Number(text) <= most ? Number(text) : null;
}
