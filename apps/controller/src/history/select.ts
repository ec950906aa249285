import type { Columns, Series } from "./columns.ts";

/**
 * Chooses at most so many points between two indexes, for a chart: the lowest and the highest value of each
 * series in each stretch of time, and both sides of each change of the percentage. They are readings as
 * they were made, none is averaged. In their order. Pure.
 *
 * @param points At least 4.
 */
export function select(
  columns: Columns,
  low: number,
  high: number,
  points: number,
): readonly number[] {
  const size = high - low;
  if (size <= points) return Array.from({ length: Math.max(0, size) }, (_, index) => low + index);
  const forced = edges(columns, low, high, Math.floor(points / 2));
  const room = points - forced.size;
  const series = columns.series().slice(0, Math.max(1, Math.floor(room / 2)));
  const least = Math.max(1, Math.floor(room / (2 * series.length)));
  let best = chosen(columns, { low, high, stretches: least, series, forced });
  // Series share many of their extremes, so that there is room for more stretches than the worst case has.
  for (let tries = 0, stretches = least; tries < 4; tries += 1) {
    const extremes = Math.max(1, best.length - forced.size);
    const more = Math.floor((stretches * room) / extremes);
    if (more <= stretches) break;
    const found = chosen(columns, { low, high, stretches: more, series, forced });
    if (found.length > points) break;
    best = found;
    stretches = more;
  }
  return best;
}

/** The first and the last point, and both sides of the latest changes of the percentage. */
function edges(columns: Columns, low: number, high: number, most: number): ReadonlySet<number> {
  const found = new Set([low, high - 1]);
  const pct = columns.pct();
  for (let index = high - 1; index > low && found.size + 2 <= most; index -= 1) {
    if (!Object.is(pct[index], pct[index - 1])) found.add(index).add(index - 1);
  }
  return found;
}

interface Choice {
  readonly low: number;
  readonly high: number;
  readonly stretches: number;
  readonly series: readonly Series[];
  readonly forced: ReadonlySet<number>;
}

function chosen(
  columns: Columns,
  { low, high, stretches, series, forced }: Choice,
): readonly number[] {
  const begin = columns.at(low);
  const span = (columns.at(high - 1) - begin + 1) / stretches;
  const found = new Set(forced);
  for (let stretch = 0, first = low; stretch < stretches; stretch += 1) {
    const next = Math.min(high, columns.indexAt(begin + span * (stretch + 1)));
    if (next > first) for (const values of series) addExtremes(found, values, first, next);
    first = Math.max(first, next);
  }
  return [...found].toSorted((a, b) => a - b);
}

function addExtremes(found: Set<number>, values: Series, first: number, next: number): void {
  let [lowest, highest] = [-1, -1];
  let [least, most] = [Infinity, -Infinity];
  for (let index = first; index < next; index += 1) {
    const value = values[index] as number;
    // `NaN` is neither.
    if (value < least) [least, lowest] = [value, index];
    if (value > most) [most, highest] = [value, index];
  }
  if (lowest >= 0) found.add(lowest).add(highest);
}
