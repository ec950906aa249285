import type { History } from "@edgezero/control-api/history";

/** A sparkline has this many points at most. */
const MOST_POINTS = 120;

/**
 * The line of one signal since a moment, as the `d` of a path in a box of 100 by 100; `""` where fewer
 * than two values are known. A gap in the values is a gap in the line. Pure.
 */
export function sparkPath(history: History, name: string, since: number): string {
  const column = history.signals[name] ?? [];
  const first = history.at.findIndex((at) => at >= since);
  if (first < 0) return "";
  const step = Math.max(1, Math.ceil((history.at.length - first) / MOST_POINTS));
  const points = history.at.flatMap((at, index) =>
    index < first || ((index - first) % step !== 0 && index !== history.at.length - 1)
      ? []
      : [{ at, value: column[index] ?? null }],
  );
  const values = points.flatMap(({ value }) => value ?? []);
  if (values.length < 2) return "";
  const low = Math.min(...values);
  const high = Math.max(...values);
  const begin = points[0]?.at ?? 0;
  const span = Math.max(1, (points.at(-1)?.at ?? 0) - begin);
  let isPenDown = false;
  return points
    .flatMap(({ at, value }) => {
      if (value === null) {
        isPenDown = false;
        return [];
      }
      const x = (100 * (at - begin)) / span;
      const y = high === low ? 50 : 95 - (90 * (value - low)) / (high - low);
      const move = isPenDown ? "L" : "M";
      isPenDown = true;
      return [`${move}${x.toFixed(1)} ${y.toFixed(1)}`];
    })
    .join("");
}
