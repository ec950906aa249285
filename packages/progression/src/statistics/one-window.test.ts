import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ERRORS } from "../../test/arbitraries.ts";
import type { Logs } from "../../test/steps.ts";
import { GUARDED, steps, tableFor } from "../../test/steps.ts";
import type { Direction, RateSignal } from "../index.ts";
import { line } from "./signal.ts";

/** How likely each number of hits is, for requests that each have a chance of their own. */
function chancesOfHits(chances: readonly number[]): number[] {
  return chances.reduce<number[]>(
    (hits, chance) =>
      Array.from(
        { length: hits.length + 1 },
        (_, k) => (hits[k] ?? 0) * (1 - chance) + (hits[k - 1] ?? 0) * chance,
      ),
    [1],
  );
}

/** The mean of what a unit becomes, over all tables, of the ratio that fares best. */
function highestMean(
  signal: RateSignal,
  direction: Direction,
  name: keyof Logs,
  [canary, control]: readonly [readonly number[], readonly number[]],
  effect: number,
): number {
  const [ofX, ofY] = [chancesOfHits(canary), chancesOfHits(control)];
  const means = Array.from({ length: 8 }, () => 0);
  ofX.forEach((px, x) =>
    ofY.forEach((py, y) => {
      const table = tableFor(canary.length, control.length, x, y);
      steps(signal, direction, table, effect)[name].forEach((log, i) => {
        means[i] = (means[i] ?? 0) + px * py * Math.exp(log);
      });
    }),
  );
  return Math.max(...means);
}

const chance = fc.double({ min: 0, max: 1, noNaN: true });
const chances = fc.array(chance, { minLength: 1, maxLength: 6 });
const effect = fc.constantFrom(1, 1.7, 10);

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Scales chances so that their mean is at most, or at least, a limit. */
function limited(values: readonly number[], limit: number, atMost: boolean): number[] {
  const own = mean(values);
  if (atMost) return own <= limit ? [...values] : values.map((v) => (v * Math.max(0, limit)) / own);
  if (own >= limit) return [...values];
  const missed = Math.min(1, (1 - limit) / (1 - own));
  return values.map((value) => 1 - (1 - value) * missed);
}

/** The highest rate of EdgeZero within the margin, or the lowest one beyond it. */
function rateAtLine({ margin }: RateSignal, direction: Direction, q: number): number {
  return "abs" in margin ? q + line(margin, direction) : q * line(margin, direction);
}

describe.each(GUARDED)("one window of $name, over all tables", ({ signal, direction }) => {
  const isUp = direction === "up";

  test.each<{ name: string; bar: keyof Logs; limit: (q: number) => number; atMost: boolean }>([
    {
      name: "a bet that EdgeZero is worse gains nothing on one that is not",
      bar: "worse",
      limit: (q) => q,
      atMost: isUp,
    },
    {
      name: "a bet that it is beyond the margin gains nothing on one that is within",
      bar: "beyond",
      limit: (q) => rateAtLine(signal, direction, q),
      atMost: isUp,
    },
    {
      name: "a bet that it is within the margin gains nothing on one that is beyond",
      bar: "within",
      limit: (q) => rateAtLine(signal, direction, q),
      atMost: !isUp,
    },
  ])("$name", ({ bar, limit, atMost }) => {
    fc.assert(
      fc.property(chances, chances, effect, (canary, control, e) => {
        const rate = limit(mean(control));
        fc.pre(rate >= 0 && rate <= 1);
        const paths = [limited(canary, rate, atMost), control] as const;
        expect(highestMean(signal, direction, bar, paths, e)).toBeLessThan(1 + 1e-9);
      }),
      { numRuns: 40 },
    );
  });
});

test("without a control, a bet against the ceiling gains nothing on a rate below it", () => {
  fc.assert(
    fc.property(chances, fc.double({ min: 0.01, max: 1, noNaN: true }), (canary, allowed) => {
      const ofX = chancesOfHits(limited(canary, allowed, true));
      const means = Array.from({ length: 8 }, () => 0);
      ofX.forEach((px, x) => {
        const table = { ...tableFor(canary.length, 1, x, 0), control: null, allowed };
        steps(ERRORS, "up", table).worse.forEach((log, i) => {
          means[i] = (means[i] ?? 0) + px * Math.exp(log);
        });
      });
      expect(Math.max(...means)).toBeLessThan(1 + 1e-9);
    }),
    { numRuns: 40 },
  );
});
