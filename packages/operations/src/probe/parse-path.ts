import type { RolloutPath } from "@edgezero/rollout";
import { REASONS, routesToEdgezero } from "@edgezero/rollout";
import type { DecisionDetail } from "@edgezero/rollout/attribution";

/** Reads the header of a response that names its path; `null` where it is absent or not a path. */
export function parsePath(value: string | undefined): RolloutPath | null {
  return value === "legacy" || value === "edgezero" ? value : null;
}

/**
 * The path that a decision leads to, for a gateway that does not name it (`PATH_HEADER`). `null` where
 * the decision does not tell.
 */
export function pathOfDecision(detail: DecisionDetail | null): RolloutPath | null {
  const { reason = null, pct = null, bucket = null } = detail ?? {};
  const path = reason !== null && Object.hasOwn(REASONS, reason) ? pathOf(reason) : null;
  if (path !== null && path !== "both") return path;
  // A tester's choice is not a matter of buckets.
  if (reason === "forced" || pct === null || bucket === null) return null;
  return routesToEdgezero(bucket, pct) ? "edgezero" : "legacy";
}

function pathOf(reason: string): RolloutPath | "both" {
  return REASONS[reason as keyof typeof REASONS].path;
}
