import type { EvidenceWindow } from "@edgezero/progression";
import type { SourceOptions } from "../source.ts";
import { addCounts } from "./add-counts.ts";
import type { Increase } from "./count-interval.ts";
import { decisionsIn, increaseBetween } from "./count-interval.ts";
import type { PathCounts, RolloutPath } from "./count-path.ts";
import { countPath } from "./count-path.ts";
import type { Page } from "./page.ts";

/** The pages of each gateway by its name, oldest first. */
export type Pages = ReadonlyMap<string, readonly Page[]>;

/** Windows between two pages of a gateway, at which a window of the length of one is still its own. */
const LONGEST = 3;

interface Interval {
  readonly before: Page;
  /** `null` where no page came yet. */
  readonly after: Page | null;
}

/**
 * The windows from `since` on that are whole at `now`, in order.
 *
 * A gateway's counts of a window are those between its first page in the window and its first page
 * after it. So no request from before a window is counted in it, and each request counts at most once.
 * A window waits for a page that a gateway owes for another window's length, and then goes without.
 */
export function windowsOf(
  pages: Pages,
  since: number,
  now: number,
  options: Pick<SourceOptions, "windowMs" | "signals" | "bounds">,
): EvidenceWindow[] {
  const { windowMs } = options;
  const windows: EvidenceWindow[] = [];
  const first = Math.max(alignedUp(since, windowMs), aligned(oldest(pages), windowMs));
  for (let from = first; from + windowMs <= now; from += windowMs) {
    const intervals = intervalsIn(pages, from, windowMs);
    const isWhole = intervals.every(({ after }) => after !== null);
    // Later windows wait too, since they are taken in order.
    if (!isWhole && now - from < 2 * windowMs) break;
    const window = windowOf(intervals, from, options);
    if (window !== null) windows.push(window);
  }
  return windows;
}

/** The beginning of the window in which a time lies. */
export function aligned(at: number, windowMs: number): number {
  return Math.floor(at / windowMs) * windowMs;
}

function alignedUp(at: number, windowMs: number): number {
  return Math.ceil(at / windowMs) * windowMs;
}

function oldest(pages: Pages): number {
  return Math.min(...[...pages.values()].map(([page]) => page?.at ?? Infinity));
}

function intervalsIn(pages: Pages, from: number, windowMs: number): Interval[] {
  const to = from + windowMs;
  return [...pages.values()].flatMap((known) => {
    const before = known.find(({ at }) => at >= from && at < to);
    if (before === undefined) return [];
    return [{ before, after: known.find(({ at }) => at >= to) ?? null }];
  });
}

function windowOf(
  intervals: readonly Interval[],
  from: number,
  options: Pick<SourceOptions, "windowMs" | "signals" | "bounds">,
): EvidenceWindow | null {
  const { windowMs, signals } = options;
  const decisions: Record<string, number> = {};
  const counted: { readonly after: Page; readonly increase: Increase }[] = [];
  for (const { before, after } of intervals) {
    if (after === null || after.at - before.at >= LONGEST * windowMs) continue;
    const increase = increaseBetween(before, after);
    if (increase === null) continue;
    // Of an interval in which the epoch changed, all may be decisions under the old one.
    const epoch = before.gauges.epoch ?? "unknown";
    decisions[epoch] = (decisions[epoch] ?? 0) + decisionsIn(increase);
    if (isOneEpoch(before, after)) counted.push({ after, increase });
  }
  if (counted.length === 0) return null;
  const countsOf = (path: RolloutPath): PathCounts => ({
    ...addCounts(
      counted.map(({ increase }) => countPath(path, increase, options)),
      signals,
    ),
    clients: clientsOf(
      path,
      counted.map(({ after }) => after),
    ),
  });
  return {
    from,
    to: from + windowMs,
    canary: countsOf("edgezero"),
    control: countsOf("legacy"),
    decisions,
    instances: counted.reduce((sum, { after }) => sum + after.gauges.workers, 0),
  };
}

/** Whether all workers of a gateway went by one epoch from one page to the next, as far as it says. */
function isOneEpoch({ gauges: before }: Page, { gauges: after }: Page): boolean {
  return before.isOneEpoch && after.isOneEpoch && before.epoch === after.epoch;
}

/** Clients of several gateways may be the same ones, so that only the largest count is sure. */
function clientsOf(path: RolloutPath, pages: readonly Page[]): PathCounts["clients"] {
  const known = pages.flatMap(({ gauges }) => gauges.clients[path] ?? []);
  if (known.length === 0) return null;
  return {
    all: Math.max(...known.map(({ all }) => all)),
    failing: Math.max(...known.map(({ failing }) => failing)),
  };
}
