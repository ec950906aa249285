import { expect, test } from "vitest";
import { CONVERSIONS, ERRORS, P95, SIGNALS, WINS } from "../../test/arbitraries.ts";
import type { Signal } from "../index.ts";
import { startEvidence } from "../index.ts";

test.each(SIGNALS)("$id can be judged", (signal) => {
  expect(() => startEvidence(signal)).not.toThrow();
});

test.each([
  { signal: { ...ERRORS, alpha: 0 }, message: "alpha is 0: between 0 and 1" },
  { signal: { ...ERRORS, alpha: Number.NaN }, message: "alpha is NaN: between 0 and 1" },
  { signal: { ...ERRORS, gamma: 1 }, message: "gamma is 1: between 0 and 1" },
  { signal: { ...ERRORS, beta: -1 }, message: "beta is -1: between 0 and 1" },
  { signal: { ...ERRORS, minTrials: -1 }, message: "minTrials is -1: a finite number" },
  { signal: { ...ERRORS, minHits: Infinity }, message: "minHits is Infinity: a finite number" },
  { signal: { ...ERRORS, margin: { abs: 1 } }, message: 'margin is {"abs":1}: an abs between' },
  { signal: { ...ERRORS, margin: { rel: 0 } }, message: "margin is" },
  { signal: { ...ERRORS, margin: { ratio: 1 } }, message: "margin is" },
  { signal: { ...ERRORS, margin: { abs: 0.1, rel: 0.1 } }, message: "exactly one of abs" },
  { signal: { ...ERRORS, margin: {} }, message: "margin is {}" },
  { signal: { ...ERRORS, margin: null }, message: "margin is null" },
  { signal: { ...WINS, margin: { rel: 1 } }, message: 'where worse is not "up"' },
  { signal: { ...ERRORS, ceiling: 1 }, message: "ceiling is 1: between 0 and 1 for a rate" },
  { signal: { ...ERRORS, ceiling: 0 }, message: "ceiling is 0" },
  { signal: { ...CONVERSIONS, ceiling: 0.1 }, message: "ceiling is 0.1: absent where" },
  { signal: { ...P95, ceiling: Infinity }, message: "ceiling is Infinity: a finite number" },
  { signal: { ...P95, quantile: 1 }, message: "quantile is 1: between 0 and 1" },
  { signal: { ...P95, margin: { abs: 0.1 } }, message: "for a quantile" },
  { signal: { ...P95, bounds: [] }, message: "bounds is []: at least one" },
  { signal: { ...P95, bounds: [1, 1] }, message: "bounds is [1,1]" },
  { signal: { ...P95, bounds: [0, 1] }, message: "bounds is [0,1]" },
  { signal: { ...P95, worse: "both" }, message: 'worse is "both": "up" for a quantile' },
  { signal: { ...ERRORS, worse: "sideways" }, message: 'worse is "sideways"' },
  { signal: { ...ERRORS, kind: "mean" }, message: 'kind is "mean": "rate" or "quantile"' },
])("$message", ({ signal, message }) => {
  expect(() => startEvidence(signal as Signal)).toThrow(RangeError);
  expect(() => startEvidence(signal as Signal)).toThrow(`signal "${signal.id}": `);
  expect(() => startEvidence(signal as Signal)).toThrow(message);
});
