import { printableJson } from "@edgezero/faults/printable";
import type { DecisionEvent } from "@edgezero/rollout/attribution";

/**
 * One line of JSON for an event; `type` tells it from the lines of the log. A pipeline may deliver a
 * line more than once, which its `id` shows.
 */
export function formatEvent(event: DecisionEvent): string {
  const line = { type: "edgezero-decision", id: crypto.randomUUID(), ...event };
  return printableJson(JSON.stringify(line));
}
