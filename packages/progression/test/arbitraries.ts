import * as fc from "fast-check";
import type { Counts, Histogram, QuantileSignal, RateSignal, SignalWindow } from "../src/index.ts";

/** The runbook's margin of failures. */
export const ERRORS: RateSignal = {
  id: "errors",
  kind: "rate",
  worse: "up",
  alpha: 0.008,
  margin: { abs: 0.001 },
  ceiling: 0.02,
};
export const TIMEOUTS: RateSignal = {
  id: "timeouts",
  kind: "rate",
  worse: "up",
  alpha: 0.001,
  margin: { ratio: 2 },
};
export const WINS: RateSignal = {
  id: "wins",
  kind: "rate",
  worse: "both",
  alpha: 0.01,
  margin: { rel: 0.01 },
};
export const CONVERSIONS: RateSignal = {
  id: "conversions",
  kind: "rate",
  worse: "down",
  alpha: 0.005,
  margin: { abs: 0.01 },
};
export const P95: QuantileSignal = {
  id: "p95",
  kind: "quantile",
  worse: "up",
  alpha: 0.001,
  margin: { rel: 0.15 },
  bounds: [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7, 1, 2],
  ceiling: 0.6,
};
export const RATES: readonly RateSignal[] = [ERRORS, TIMEOUTS, WINS, CONVERSIONS];
export const SIGNALS: readonly (RateSignal | QuantileSignal)[] = [...RATES, P95];

/** Counts in order, of a path with up to so many trials. */
export function counts(maxTrials = 10_000): fc.Arbitrary<Counts> {
  return fc
    .tuple(fc.nat(maxTrials), fc.double({ min: 0, max: 1, noNaN: true }))
    .map(([trials, rate]) => ({ trials, hits: Math.round(trials * rate ** 4) }));
}

function histogram({ bounds }: QuantileSignal): fc.Arbitrary<Histogram> {
  const length = bounds.length + 1;
  return fc.record({
    buckets: fc.array(fc.nat(500), { minLength: length, maxLength: length }),
  });
}

/** A window that can be, of any of three stages. */
export function windowOf(signal: RateSignal | QuantileSignal): fc.Arbitrary<SignalWindow> {
  const path: fc.Arbitrary<Counts | Histogram> =
    signal.kind === "rate" ? counts() : histogram(signal);
  return fc.record({
    stage: fc.constantFrom("1", "10", "50"),
    canary: path,
    control: fc.option(path, { freq: 8 }),
  });
}
