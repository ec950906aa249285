import type { DecisionEvent } from "@edgezero/rollout/attribution";

/** One line of JSON for an event; `type` tells it from the lines of the log. */
export function formatEvent(event: DecisionEvent): string {
  return JSON.stringify({ type: "edgezero-decision", ...event });
}
