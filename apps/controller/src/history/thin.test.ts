import { expect, test } from "vitest";
import { createColumns } from "./columns.ts";
import { select } from "./select.ts";
import type { HistoryPoint } from "./thin.ts";
import { EXACT_MS, historyOf, OLD_POINTS } from "./thin.ts";

const WINDOW = 15_000;
const DAY = 86_400_000;
const SIGNALS = ["errors", "timeouts", "p95", "wins"];

/** Noise that is the same each time. */
function noise(index: number, of: number): number {
  const mixed = Math.imul(index + 1, 2_654_435_761) ^ Math.imul(of + 7, 40_503);
  return ((mixed >>> 0) % 1000) / 1000;
}

/** Readings of so many days, with a change of the percentage every sixth hour. */
function pointsOf(days: number): HistoryPoint[] {
  return Array.from({ length: (days * DAY) / WINDOW }, (_, index) => {
    const at = index * WINDOW;
    const signals = Object.fromEntries(SIGNALS.map((name, of) => [name, noise(index, of)]));
    const state = index % 997 === 0 ? "held" : "observing";
    const reason = state === "held" ? "share" : null;
    return {
      at,
      pct: Math.floor(at / (DAY / 4)) % 3,
      share: noise(index, 9),
      state,
      reason,
      signals,
    };
  });
}

function columnsOf(points: readonly HistoryPoint[]): ReturnType<typeof createColumns> {
  const columns = createColumns();
  for (const point of points) columns.add(point);
  return columns;
}

test("a page gets each reading of the last day, and at most 2000 of the 29 days before", () => {
  const now = 40 * DAY;
  const { at } = historyOf(pointsOf(40), now);
  const old = at.filter((each) => now - each > EXACT_MS);
  expect(at.length - old.length).toBe(EXACT_MS / WINDOW);
  expect(now - (old[0] ?? 0)).toBeLessThanOrEqual(30 * DAY);
  expect(old.length).toBeLessThanOrEqual(OLD_POINTS);
  expect(old.length).toBeGreaterThan(OLD_POINTS / 2);
});

test("30 days of 15 s become 600 points in under 200 ms, with every extreme and change", () => {
  const points = pointsOf(30);
  // One reading in 172,800 that nobody must miss.
  const peak = { ...points[98_765], signals: { errors: 77, timeouts: -3, p95: 0.5, wins: 0.5 } };
  points[98_765] = peak as HistoryPoint;
  const columns = columnsOf(points);
  const before = process.cpuUsage();
  const indexes = select(columns, 0, columns.size(), 600);
  const history = columns.history(indexes);
  const { user, system } = process.cpuUsage(before);
  expect((user + system) / 1000).toBeLessThan(200);
  expect(points).toHaveLength(172_800);
  expect(history.at.length).toBeLessThanOrEqual(600);
  expect(history.at.length).toBeGreaterThan(500);
  expect(history.at).toEqual(history.at.toSorted((a, b) => a - b));
  expect(history.signals["errors"]).toContain(77);
  expect(history.signals["timeouts"]).toContain(-3);
  const { pct } = history;
  const changes = pct.filter((each, i) => i > 0 && each !== pct[i - 1]).length;
  expect(changes).toBe(119);
});

test("each extreme of each series is one of the points, whatever the readings are", () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const points = pointsOf(0.2);
    for (const [index, point] of points.entries()) {
      const errors = noise(index, seed) < 0.3 ? null : noise(index, seed + 1);
      points[index] = { ...point, signals: { ...point.signals, errors } };
    }
    const columns = columnsOf(points);
    const chosen = select(columns, 0, columns.size(), 40).map((index) => points[index]);
    expect(chosen.length).toBeLessThanOrEqual(40);
    const values = (from: typeof chosen): number[] =>
      from.flatMap((point) => point?.signals["errors"] ?? []);
    expect(Math.max(...values(chosen))).toBe(Math.max(...values(points)));
    expect(Math.min(...values(chosen))).toBe(Math.min(...values(points)));
  }
});

test("fewer readings than points stay as they are, and columns belong together", () => {
  const base = { pct: 1, state: "observing", reason: null } as const;
  const points: HistoryPoint[] = [
    { ...base, at: 1, share: null, signals: {} },
    { ...base, at: 2, share: 0.01, signals: { errors: 0.123_4 } },
    { ...base, at: 3, pct: null, share: 0.01, state: "held", reason: "share", signals: {} },
  ];
  expect(historyOf(points, 3)).toEqual({
    at: [1, 2, 3],
    pct: [1, 1, null],
    share: [null, 0.01, 0.01],
    signals: { errors: [null, 0.1234, null] },
    states: [
      { at: 1, state: "observing", reason: null },
      { at: 3, state: "held", reason: "share" },
    ],
  });
});

test("a part begins with the state that was in force at its first point", () => {
  const columns = columnsOf(pointsOf(1));
  const from = columns.indexAt(1200 * WINDOW);
  const { states = [] } = columns.history([from, from + 1]);
  expect(states).toEqual([{ at: 998 * WINDOW, state: "observing", reason: null }]);
});

test("what is forgotten leaves the others as they were", () => {
  const points = pointsOf(1);
  const columns = columnsOf(points);
  const kept = points.flatMap((_, index) => (index % 3 === 0 || index > 5000 ? [index] : []));
  columns.keep(kept);
  const all = Array.from({ length: columns.size() }, (_, index) => index);
  const history = columns.history(all);
  expect(history.at).toEqual(kept.map((index) => points[index]?.at));
  expect(history.signals["wins"]).toEqual(kept.map((index) => points[index]?.signals["wins"]));
  columns.add({ ...(points[0] as HistoryPoint), at: 2 * DAY, signals: {} });
  expect(columns.history([columns.size() - 1]).signals["wins"]).toEqual([null]);
});
