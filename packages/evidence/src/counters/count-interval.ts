import type { Sample } from "../exposition/parse-exposition.ts";
import { METRICS } from "./metrics.ts";
import type { Page } from "./page.ts";

/** By how much each counter of a gateway rose between two pages. */
export type Increase = readonly Sample[];

/**
 * What each counter rose by. A series that begins between the pages began at 0.
 *
 * @returns `null` where the gateway has restarted: a counter fell or is gone, or its process is another.
 */
export function increaseBetween(before: Page, after: Page): Increase | null {
  if (before.gauges.startedAt !== after.gauges.startedAt) return null;
  for (const key of before.counters.keys()) if (!after.counters.has(key)) return null;
  const increase: Sample[] = [];
  for (const [key, sample] of after.counters) {
    const value = sample.value - (before.counters.get(key)?.value ?? 0);
    if (value < 0) return null;
    increase.push({ ...sample, value });
  }
  return increase;
}

/** All decisions of an interval, whether they count as evidence or not. */
export function decisionsIn(increase: Increase): number {
  return increase.reduce(
    (sum, { name, value }) => sum + (name === METRICS.requests ? value : 0),
    0,
  );
}
