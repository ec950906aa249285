import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { History } from "@edgezero/control-api/history";
import { isObserved, observedNow } from "@edgezero/control-api/observed-now";
import { createColumns } from "./columns.ts";
import { select } from "./select.ts";

/** One reading of a rollout. It is for people: nothing is decided by it. */
export interface HistoryPoint {
  /** In milliseconds of the epoch. */
  readonly at: number;
  readonly pct: number | null;
  /** 0 to 1; `null` where nothing was observed then. */
  readonly share: number | null;
  readonly state: EnvironmentView["state"];
  readonly reason: EnvironmentView["reason"];
  readonly signals: Readonly<Record<string, number | null>>;
}

const DAY = 86_400_000;
/** Without a wish every point of so long is shown. */
export const EXACT_MS: number = DAY;
/** And so many of the time before. */
export const OLD_POINTS = 2000;
export const OLDEST_MS: number = 30 * DAY;

/** What a view adds to the history. Numbers are kept to four digits. Pure. */
export function pointOf(view: EnvironmentView): HistoryPoint {
  const { at, pct, signals, state, reason } = view;
  const isFresh = isObserved(view);
  return {
    at,
    pct,
    share: rounded(observedNow(view)),
    state,
    reason,
    signals: Object.fromEntries(
      signals.map(({ name, recent }) => [name, isFresh ? rounded(recent) : null]),
    ),
  };
}

/** The part of a history that is shown where nobody says which: the last day exactly, and the rest thinned. */
export function shown(points: ReturnType<typeof createColumns>, now: number): readonly number[] {
  const oldest = points.indexAt(now - OLDEST_MS);
  const exact = Math.max(oldest, points.indexAt(now - EXACT_MS));
  const recent = Array.from({ length: points.size() - exact }, (_, index) => exact + index);
  return [...select(points, oldest, exact, OLD_POINTS), ...recent];
}

/** The points as a page is shown them at `now`. Pure. */
export function historyOf(points: readonly HistoryPoint[], now: number): History {
  const columns = createColumns(points.length);
  for (const point of points) columns.add(point);
  return columns.history(shown(columns, now));
}

function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}
