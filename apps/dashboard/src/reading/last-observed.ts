import type { ChartColumns } from "./chart-data.ts";

/** The observed share that came last, in per cent, and when, in seconds of the epoch. */
export interface LastObserved {
  readonly at: number;
  readonly part: number;
}

/** What was observed last; `null` where nothing was. Pure. */
export function lastObserved([seconds, , observed]: ChartColumns): LastObserved | null {
  const index = observed.findLastIndex((part) => part !== null);
  const [at, part] = [seconds[index], observed[index]];
  return at === undefined || part === null || part === undefined ? null : { at, part };
}

/** A time in which nothing was observed, in seconds of the epoch. */
export interface BlindSpan {
  readonly from: number;
  readonly to: number;
}

/** Every time in which nothing was observed, from the last value before it to the first one after it. Pure. */
export function blindSpans([seconds, , observed]: ChartColumns): readonly BlindSpan[] {
  const spans: BlindSpan[] = [];
  let from: number | null = null;
  for (const [index, at] of seconds.entries()) {
    const isSeen = observed[index] !== null;
    if (!isSeen && from === null) from = seconds[index - 1] ?? at;
    if (from !== null && (isSeen || index === seconds.length - 1)) spans.push({ from, to: at });
    if (isSeen) from = null;
  }
  return spans.filter((span) => span.to > span.from);
}
