import type { History } from "./history.ts";

/** More changes than these are counted, not shown. */
const MOST_CHANGES = 40;

/**
 * How a rollout went, for people: its states, its percentages, and how low and how high each value was. It
 * tells of the readings that the history has, and of no others. Pure.
 */
export function historyLines({ at, pct, share, signals, states = [] }: History): string[] {
  const [first, last] = [at[0], at.at(-1)];
  if (first === undefined || last === undefined) return ["nothing is known of that time"];
  const stateLines = states.map((change) => {
    const reason = change.reason === null ? "" : `: ${change.reason}`;
    return `${isoOf(change.at)}  ${change.state}${reason}`;
  });
  const pctLines = pct.flatMap((value, index) => {
    const isNew = index === 0 || value !== pct[index - 1];
    return isNew ? [`${isoOf(at[index] ?? 0)}  ${value === null ? "not known" : `${value}%`}`] : [];
  });
  return [
    `${at.length} readings, from ${isoOf(first)} to ${isoOf(last)}`,
    "states, and the first reason why it was not further:",
    ...latest(stateLines),
    "percentages in the store:",
    ...latest(pctLines),
    `observed share: ${rangeText(
      share.map((value) => (value === null ? null : 100 * value)),
      "%",
    )}`,
    ...Object.entries(signals).map(([name, values]) => `${name}: ${rangeText(values)}`),
  ];
}

function latest(lines: readonly string[]): string[] {
  const left = lines.length - MOST_CHANGES;
  const shown = lines.slice(-MOST_CHANGES).map((line) => `  ${line}`);
  return left > 0 ? [`  (${left} earlier ones are not shown)`, ...shown] : shown;
}

function rangeText(values: readonly (number | null)[], unit = ""): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return "not known";
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return `${rounded(low)}${unit} to ${rounded(high)}${unit}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
