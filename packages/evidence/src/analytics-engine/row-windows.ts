import type { EvidenceWindow } from "@edgezero/progression";
import type { PathCounts, RolloutPath } from "../counters/count-path.ts";
import type { TallyOptions } from "../counters/tally.ts";
import { addToTally, requestsOf, startTally } from "../counters/tally.ts";
import type { Row } from "./read-rows.ts";

/**
 * The windows that have rows, in order. Rows that Analytics Engine has sampled count like this:
 *
 * - A trial counts as its sample interval over the largest one of its path in the window: rows where the
 *   interval is constant, and fewer where it is not. So a path's rate is that of all its requests, and
 *   no request that was not kept is made up.
 * - Requests of both paths are on the scale of EdgeZero's sample: their share is that of all requests,
 *   and EdgeZero has no more of them than there are rows.
 * - Decisions are on the scale of the most sampled rows: shares of epochs are those of all decisions.
 */
export function windowsOfRows(
  rows: readonly Row[],
  windowMs: number,
  options: TallyOptions,
): EvidenceWindow[] {
  const byWindow = Map.groupBy(rows, ({ number }) => number);
  return [...byWindow]
    .toSorted(([a], [b]) => a - b)
    .map(([number, own]) => windowOf(own, number * windowMs, windowMs, options));
}

/** EdgeZero's percentage in each window of {@link windowsOfRows}; `null` where it had several. */
export function percentagesOfRows(rows: readonly Row[]): readonly (number | null)[] {
  const byWindow = Map.groupBy(rows, ({ number }) => number);
  return [...byWindow]
    .toSorted(([a], [b]) => a - b)
    .map(([, own]) => {
      const [pct = null, ...others] = new Set(own.flatMap((row) => row.pct));
      return others.length === 0 ? pct : null;
    });
}

function windowOf(
  rows: readonly Row[],
  from: number,
  windowMs: number,
  options: TallyOptions,
): EvidenceWindow {
  const scale = largestInterval(rows);
  const byEpoch = Map.groupBy(rows, ({ epoch }) => epoch);
  const decisions = [...byEpoch].map(([epoch, own]) => [epoch, standFor(own) / scale] as const);
  const [most] = decisions.toSorted(([, a], [, b]) => b - a);
  // As with events: the others only count as decisions.
  const counted = rows.filter(({ epoch, isExcluded }) => epoch === most?.[0] && !isExcluded);
  const of = (path: RolloutPath): readonly Row[] => counted.filter((row) => row.path === path);
  const edgezeroScale = largestInterval(of("edgezero"));
  const countsOf = (path: RolloutPath): PathCounts => countPath(of(path), edgezeroScale, options);
  return {
    from,
    to: from + windowMs,
    canary: countsOf("edgezero"),
    control: countsOf("legacy"),
    decisions: Object.fromEntries(decisions),
    instances: null,
  };
}

function countPath(rows: readonly Row[], scale: number, options: TallyOptions): PathCounts {
  const tally = startTally(options.bounds);
  const largest = largestInterval(rows);
  for (const row of rows) {
    addToTally(tally, row, (row.weight * row.sampleInterval) / largest, options.bounds);
  }
  const { signals } = requestsOf(tally, options.signals);
  // Data points name nobody.
  return { requests: standFor(rows) / scale, clients: null, signals };
}

/** 1 where there are no rows. */
function largestInterval(rows: readonly Row[]): number {
  return rows.reduce((largest, { sampleInterval }) => Math.max(largest, sampleInterval), 1);
}

/** How many requests rows stand for. */
function standFor(rows: readonly Row[]): number {
  return rows.reduce((sum, { weight, sampleInterval }) => sum + weight * sampleInterval, 0);
}
