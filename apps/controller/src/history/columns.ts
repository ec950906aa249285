import type { History, StateChange } from "@edgezero/control-api/history";
import type { HistoryPoint } from "./thin.ts";

/** Values of one kind by the index of their point; `NaN`: it was not known. */
export type Series = Float32Array;

/** Many points in little memory: 8 bytes for a time, and 4 for each value. */
export interface Columns {
  size(): number;
  /** Adds a point. One that is not newer than the last one is left out. */
  add(point: HistoryPoint): void;
  /** The time of a point, in milliseconds of the epoch. */
  at(index: number): number;
  /** The first point that is not before a time; the size, where all are. */
  indexAt(at: number): number;
  /** Percentage, share and each signal. */
  series(): readonly Series[];
  /** The first of the series. */
  pct(): Series;
  /** Keeps these points, in their order, and forgets the others. */
  keep(indexes: readonly number[]): void;
  /** The points of a history, in their order. */
  history(indexes: readonly number[]): History;
}

/** @param most As many points fit before it grows. */
export function createColumns(most: number = 1024): Columns {
  let room = Math.max(1, most);
  let size = 0;
  let times = new Float64Array(room);
  let pct = empty(room);
  let share = empty(room);
  const signals = new Map<string, Series>();
  /** The index and the state of each change. */
  let changes: { index: number; state: StateChange }[] = [];

  function grow(): void {
    room = Math.ceil(room * 1.25) + 16;
    const longer = new Float64Array(room);
    longer.set(times);
    times = longer;
    pct = copied(pct, room);
    share = copied(share, room);
    for (const [name, values] of signals) signals.set(name, copied(values, room));
  }

  function valuesOf(name: string): Series {
    const there = signals.get(name);
    if (there !== undefined) return there;
    const values = empty(room);
    signals.set(name, values);
    return values;
  }

  function indexAt(at: number): number {
    let [low, high] = [0, size];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((times[middle] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    size: () => size,
    add(point) {
      if (size > 0 && point.at <= (times[size - 1] ?? 0)) return;
      if (size === room) grow();
      times[size] = point.at;
      pct[size] = point.pct ?? Number.NaN;
      share[size] = point.share ?? Number.NaN;
      for (const [name, value] of Object.entries(point.signals)) {
        valuesOf(name)[size] = value ?? Number.NaN;
      }
      const { at, state, reason } = point;
      const last = changes.at(-1)?.state;
      if (last?.state !== state || last.reason !== reason) {
        changes.push({ index: size, state: { at, state, reason } });
      }
      size += 1;
    },
    at: (index) => times[index] ?? 0,
    indexAt,
    series: () => [pct, share, ...signals.values()],
    pct: () => pct,
    keep(indexes) {
      const all = [pct, share, ...signals.values()];
      for (const [to, from] of indexes.entries()) {
        times[to] = times[from] ?? 0;
        for (const values of all) values[to] = values[from] ?? Number.NaN;
      }
      changes = changes.map(({ index, state }) => {
        return { index: firstNotBelow(indexes, index), state };
      });
      // The newest of the changes before the first point that is left is still in force there.
      changes = changes.filter(({ index }, i) => index > 0 || changes[i + 1]?.index !== 0);
      for (const values of all) values.fill(Number.NaN, indexes.length, size);
      size = indexes.length;
    },
    history(indexes) {
      const [first, last] = [indexes[0] ?? 0, indexes.at(-1) ?? -1];
      const column = (values: Series): (number | null)[] =>
        indexes.map((index) => known(values[index]));
      const begun = changes.findLastIndex(({ index }) => index <= first);
      const states = changes
        .slice(Math.max(0, begun))
        .filter(({ index }) => index <= last)
        .map(({ state }) => state);
      return {
        at: indexes.map((index) => times[index] ?? 0),
        pct: column(pct),
        share: column(share),
        signals: Object.fromEntries(
          [...signals].map(([name, values]) => [name, column(values)] as const),
        ),
        states,
      };
    },
  };
}

function empty(length: number): Series {
  return new Float32Array(length).fill(Number.NaN);
}

function copied(values: Series, length: number): Series {
  const longer = empty(length);
  longer.set(values);
  return longer;
}

/** A value as it was before it was kept in 4 bytes, which have more than four digits. */
function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : Number(value.toPrecision(4));
}

/** The place of the first of ascending numbers that is not below `wanted`. */
function firstNotBelow(numbers: readonly number[], wanted: number): number {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((numbers[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
