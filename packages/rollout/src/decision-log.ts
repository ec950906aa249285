import { canonicalClientIp } from "./client-ip.ts";
import type { Decision } from "./decide.ts";
import type { Logger } from "./logger.ts";
import { attempt, log } from "./logger.ts";
import type { RolloutState } from "./rollout-state.ts";

/** Writes the debug line of one decision. The line is not even formatted when debug is off. */
export function logDecision(
  logger: Logger | undefined,
  { enabled }: RolloutState,
  decision: Decision,
  clientIp: string | null | undefined,
): void {
  if (!logger) return;
  void attempt(() => {
    if (logger.isLevelEnabled?.("debug") === false) return;
    const { path, bucket, rolloutPct } = decision;
    let why = enabled ? `rollout_pct=${rolloutPct}` : "edgezero_enabled=false";
    if (bucket !== undefined) {
      why = `bucket=${bucket}, ${why}`;
      if (canonicalClientIp(clientIp) === null) {
        const message = "no client IP available, using empty routing key (deterministic bucket 61)";
        log(logger, "debug", message);
      }
    }
    const name = path === "legacy" ? path : "EdgeZero";
    log(logger, "debug", `routing request through ${name} path (${why})`, { ...decision });
  });
}
