import { seeded as numbersOf } from "../../src/rehearsal/random.ts";

/** Choices by seeded numbers: the same seed, the same history on every machine. */
export interface Random {
  /** A number of at least 0 and below 1. */
  readonly next: () => number;
  /** A whole number of at least 0 and below `end`. */
  readonly below: (end: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <Value>(values: readonly Value[]) => Value;
}

export function seeded(seed: number): Random {
  const next = numbersOf(seed);
  const below = (end: number): number => Math.floor(next() * end);
  return {
    next,
    below,
    chance: (probability) => next() < probability,
    pick: (values) => {
      const value = values[below(values.length)];
      if (value === undefined) throw new RangeError("nothing to pick from");
      return value;
    },
  };
}
