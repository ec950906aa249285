import type { Logger } from "@edgezero/rollout";
import type { DroppedListener } from "@edgezero/rollout/attribution";

const WARN_INTERVAL_MS = 60_000;

/** Counts dropped events, and says how many they were: at warn, at most once a minute. */
export function warnOfDropped(logger: Logger, now: () => number = Date.now): DroppedListener {
  let unsaid = 0;
  let saidAt = -Infinity;
  return () => {
    unsaid++;
    if (now() - saidAt < WARN_INTERVAL_MS) return;
    saidAt = now();
    const dropped = unsaid;
    unsaid = 0;
    logger.warn("decision events were dropped: their sink failed or was full", { dropped });
  };
}
