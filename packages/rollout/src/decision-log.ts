import { canonicalClientIp } from "./client-ip.ts";
import type { Decision } from "./decide.ts";
import type { Logger } from "./logger.ts";
import { debug } from "./logger.ts";
import type { RolloutState } from "./rollout-state.ts";

const NO_CLIENT_IP = "no client IP available, using empty routing key (deterministic bucket 61)";

/** Writes the debug line of one decision. The line is not even formatted when debug is off. */
export function logDecision(
  logger: Logger | undefined,
  { enabled }: RolloutState,
  decision: Decision,
  clientIp: string | null | undefined,
): void {
  debug(
    logger,
    () => {
      const { path, rolloutPct, bucket } = decision;
      let why = enabled ? `rollout_pct=${rolloutPct}` : "edgezero_enabled=false";
      if (bucket !== undefined) {
        why = `bucket=${bucket}, ${why}`;
        if (!canonicalClientIp(clientIp)) debug(logger, () => NO_CLIENT_IP);
      }
      return `routing request through ${path === "legacy" ? path : "EdgeZero"} path (${why})`;
    },
    decision,
  );
}
