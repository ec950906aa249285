import { attempt } from "../logger.ts";
import type { DecisionEvent, EventSink } from "./decision-event.ts";

/** Most events that may be under way to one sink at a time. */
const MAX_PENDING = 1000;

/** Called for each event that a sink did not take: once for each such sink. */
export type DroppedListener = (event: DecisionEvent) => void;

/**
 * Hands events to a sink that may do anything. An event is dropped when the sink throws or rejects,
 * and when a thousand before it are not done: a sink that hangs costs bounded memory.
 */
export function createDelivery(
  sink: EventSink,
  onDropped: DroppedListener | undefined,
): (event: DecisionEvent) => void {
  let pending = 0;

  function drop(event: DecisionEvent): void {
    // A listener that throws must not lose more events.
    void attempt(() => onDropped?.(event));
  }

  return (event) => {
    if (pending >= MAX_PENDING) {
      drop(event);
      return;
    }
    try {
      const sending: unknown = sink(event);
      if (!(sending instanceof Promise)) return;
      pending++;
      void sending.catch(() => drop(event)).finally(() => pending--);
    } catch {
      drop(event);
    }
  };
}
