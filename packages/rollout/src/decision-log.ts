import { canonicalClientIp } from "./client-ip.ts";
import type { Decision } from "./decide.ts";
import type { Logger } from "./logger.ts";
import { log } from "./logger.ts";
import type { RolloutState } from "./rollout-state.ts";

/** Writes the debug line of one decision. The line is not even formatted when debug is off. */
export function logDecision(
  logger: Logger | undefined,
  { enabled }: RolloutState,
  decision: Decision,
  clientIp: string | null | undefined,
): void {
  try {
    if (!logger || logger.isLevelEnabled?.("debug") === false) return;
  } catch {
    return;
  }
  const { path, bucket, rolloutPct } = decision;
  if (bucket !== undefined && canonicalClientIp(clientIp) === null) {
    const message = "no client IP available, using empty routing key (deterministic bucket 61)";
    log(logger, "debug", message);
  }
  const name = path === "legacy" ? path : "EdgeZero";
  const bucketText = bucket === undefined ? "" : `bucket=${bucket}, `;
  const why = bucketText + (enabled ? `rollout_pct=${rolloutPct}` : "edgezero_enabled=false");
  log(logger, "debug", `routing request through ${name} path (${why})`, { ...decision });
}
