/** An interval of 95 %. */
export interface Between {
  readonly lower: number;
  readonly upper: number;
}

const Z = 1.959964;

/** Of a chance, from so many hits. Source: Wilson (1927). */
export function wilson(hits: number, runs: number): Between {
  const part = hits / runs;
  const scale = 1 + Z ** 2 / runs;
  const middle = (part + Z ** 2 / (2 * runs)) / scale;
  const half = (Z / scale) * Math.sqrt((part * (1 - part)) / runs + Z ** 2 / (4 * runs ** 2));
  return { lower: Math.max(0, middle - half), upper: Math.min(1, middle + half) };
}

/** A median with its interval, by order statistics; `Infinity` stands for "never". */
export function medianBetween(values: readonly number[]): { readonly median: number } & Between {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number =>
    sorted[Math.min(sorted.length - 1, Math.max(0, index))] ?? Number.NaN;
  const half = (Z * Math.sqrt(sorted.length)) / 2;
  const middle = (sorted.length - 1) / 2;
  return {
    median: at(Math.ceil(middle)),
    lower: at(Math.floor(middle - half)),
    upper: at(Math.ceil(middle + half)),
  };
}
