import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SIGNALS } from "../../test/arbitraries.ts";
import type { PreflightRow, Signal, Traffic } from "../index.ts";
import { preflight } from "../index.ts";

interface Setting {
  readonly rps: number;
  readonly holdMinutes: number;
  readonly pct: number;
  readonly rate: number;
}

const setting: fc.Arbitrary<Setting> = fc.record({
  rps: fc.double({ min: 0.1, max: 5000, noNaN: true }),
  holdMinutes: fc.integer({ min: 1, max: 3000 }),
  pct: fc.constantFrom(1, 5, 10, 50, 90, 100),
  rate: fc.constantFrom(0.0001, 0.001, 0.02, 0.3),
});

function rowOf(signal: Signal, { rps, holdMinutes, pct, rate }: Setting): PreflightRow {
  const traffic: Traffic = { rps, rates: { [signal.id]: rate } };
  const [row] = preflight({ stages: [{ pct, holdMinutes }], signals: [signal] }, traffic);
  if (row === undefined) throw new Error("no row");
  return row;
}

/** How far from "no difference" the smallest fault is that is seen; nothing seen is infinitely far. */
function distance({ margin }: Signal, { pct, smallest }: PreflightRow): number {
  if (smallest === null) return Infinity;
  return Math.abs(smallest - ("abs" in margin || pct === 100 ? 0 : 1));
}

const factor = fc.double({ min: 1, max: 20, noNaN: true });

describe.each(SIGNALS)("$id", (signal) => {
  const neverLarger = (
    name: string,
    change: (drawn: Setting, by: number) => readonly [Signal, Setting],
    slack = 1e-9,
  ): void =>
    test(`${name} never makes the smallest fault larger that is seen`, () => {
      fc.assert(
        fc.property(setting, factor, (drawn, by) => {
          const usual = distance(signal, rowOf(signal, drawn));
          const [other, changed] = change(drawn, by);
          const allowed = usual === Infinity ? Infinity : usual * (1 + slack) + 1e-12;
          expect(distance(signal, rowOf(other, changed))).toBeLessThanOrEqual(allowed);
        }),
        { numRuns: 30 },
      );
    });

  neverLarger("more traffic", (drawn, by) => [signal, { ...drawn, rps: drawn.rps * by }]);
  neverLarger("a longer hold", (drawn, by) => {
    const holdMinutes = Math.ceil(drawn.holdMinutes * by);
    return [signal, { ...drawn, holdMinutes }];
  });
  // Another ratio can be the first to pass, which the approximation by one ratio rounds: decision 030.
  const ofTheApproximation = 0.02;
  neverLarger(
    "a larger alpha",
    (drawn, by) => [{ ...signal, alpha: Math.min(0.9, signal.alpha * by) }, drawn],
    ofTheApproximation,
  );

  test("higher failure rates are seen sooner", () => {
    fc.assert(
      fc.property(setting, (drawn) => {
        const minutes = rowOf(signal, drawn).detects.map((seen) => seen.minutes ?? Infinity);
        expect(minutes).toEqual(minutes.toSorted((a, b) => b - a));
      }),
      { numRuns: 30 },
    );
  });
});

test("traffic by the hour begins in the quietest hour, or in the one that is named", () => {
  const rps = Array.from({ length: 24 }, (_, hour) => (hour === 3 ? 1 : 100));
  const [signal] = SIGNALS;
  const trials = (startHour?: number): number | undefined => {
    const traffic = { rps, rates: {}, ...(startHour === undefined ? {} : { startHour }) };
    const stages = [{ pct: 10, holdMinutes: 90 }];
    return preflight({ stages, signals: signal === undefined ? [] : [signal] }, traffic)[0]?.trials;
  };
  expect(trials()).toBeCloseTo(0.1 * (3600 + 180_000));
  expect(trials(12)).toBeCloseTo(0.1 * 90 * 6000);
});

test("a rate of legacy that is not known is never told from a better one, but ends", () => {
  const traffic: Traffic = { rps: 0, rates: {} };
  const rows = preflight({ stages: [{ pct: 1, holdMinutes: 30 }], signals: SIGNALS }, traffic);
  expect(rows.map(({ smallest }) => smallest)).toEqual([null, null, null, null, null]);
  expect(rows.every(({ proofMinutes }) => proofMinutes === null)).toBe(true);
});
