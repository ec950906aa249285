import type { EventSink } from "./decision-event.ts";

/**
 * Passes on a sample of the events, each with the number of requests that it stands for. Only what
 * went well is sampled: an error, a timeout or an abort always passes, with weight 1.
 *
 * @param rate The share of events to pass, 0 to 1. At 0 only requests that went wrong pass.
 * @throws RangeError when `rate` is anything else.
 */
export function sampleEvents(
  sink: EventSink,
  rate: number,
  random: () => number = Math.random,
): EventSink {
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`the sample rate is ${rate}, not 0 to 1`);
  return (event) => {
    if (event.outcome !== "ok") return sink(event);
    if (random() >= rate) return;
    return sink({ ...event, weight: event.weight / rate });
  };
}
