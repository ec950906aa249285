import type { Direction, Signal } from "./signal.ts";

/** One of the eight alternatives on which a part of the stake is bet: EdgeZero fails `ratio` times as often. */
export interface Ratio {
  readonly ratio: number;
  /** `ln ratio`. */
  readonly log: number;
  /** `ratio − 1`. */
  readonly excess: number;
  /** Log of the part of the stake. The weights of a direction's ratios add up to 1. */
  readonly logWeight: number;
}

export type Ratios = Readonly<Record<Direction, readonly Ratio[]>>;

/** For differences of a quarter and more. Source: VERDICTS, "Constants", WIDE. */
const WIDE = ratios(
  [1.1, 1.25, 1.5, 2, 3, 5, 10, 30],
  [1 / 16, 1 / 16, 1 / 16, 2 / 16, 4 / 16, 4 / 16, 2 / 16, 1 / 16],
);

/** For margins below a quarter. Source: VERDICTS, "Constants", FINE. */
const FINE = ratios(
  [1.01, 1.02, 1.04, 1.08, 1.15, 1.3, 1.6, 3],
  Array.from({ length: 8 }, () => 1 / 8),
);

/** The alternatives of a signal, by direction; those of `down` are the reciprocals. */
export function ratiosOf({ kind, margin }: Signal): Ratios {
  if (kind === "quantile" || "abs" in margin) return WIDE;
  const excess = "rel" in margin ? margin.rel : margin.ratio - 1;
  return excess < 0.25 ? FINE : WIDE;
}

function ratios(values: readonly number[], weights: readonly number[]): Ratios {
  const of = (ratio: number, i: number): Ratio => ({
    ratio,
    log: Math.log(ratio),
    excess: ratio - 1,
    logWeight: Math.log(weights[i] ?? 0),
  });
  return { up: values.map(of), down: values.map((value, i) => of(1 / value, i)) };
}
