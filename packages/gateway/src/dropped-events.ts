import type { Logger } from "@edgezero/rollout";
import type { DroppedListener } from "@edgezero/rollout/attribution";
import { onceAMinute } from "./once-a-minute.ts";

/** Counts dropped events, and says how many they were: at warn, at most once a minute. */
export function warnOfDropped(logger: Logger, now: () => number = Date.now): DroppedListener {
  return onceAMinute((dropped) => {
    logger.warn("decision events were dropped: their sink failed or was full", { dropped });
  }, now);
}
