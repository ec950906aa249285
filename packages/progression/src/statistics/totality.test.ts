import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ERRORS, P95, SIGNALS, windowOf } from "../../test/arbitraries.ts";
import type { Evidence, Signal, SignalWindow } from "../index.ts";
import { addWindow, readSignal, restartEvidence, startEvidence } from "../index.ts";

const extremes = fc.oneof(
  fc.constantFrom(
    0,
    -0,
    1,
    99,
    100,
    5e-324,
    1e-300,
    0.5,
    2 ** 53,
    2 ** 53 - 1,
    1e300,
    Number.MAX_VALUE,
  ),
  fc.constantFrom(-1, Number.NaN, Infinity, "3", null, true, undefined, [], {}),
  fc.double(),
);
const path = fc.oneof(
  fc.record({ trials: extremes, hits: extremes }, { requiredKeys: [] }),
  fc.record({ buckets: fc.array(extremes, { minLength: 9, maxLength: 11 }) }),
  fc.jsonValue(),
);
/** Windows that are nearly right, and any other JSON. */
const anything = fc.oneof(
  fc.record(
    { stage: fc.oneof(fc.constantFrom("1", "10"), extremes), canary: path, control: path },
    { requiredKeys: ["stage"] },
  ),
  fc.record({ stage: fc.constant("1"), canary: path, control: path }),
  fc.jsonValue(),
) as fc.Arbitrary<SignalWindow>;

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    Object.values(value).forEach(frozen);
    Object.freeze(value);
  }
  return value;
}

/** The places of numbers that JSON cannot hold. */
function unholdable(value: unknown, place = ""): string[] {
  if (typeof value === "number") return Number.isFinite(value) ? [] : [`${place}: ${value}`];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => unholdable(part, `${place}/${name}`));
}

function afterAll(signal: Signal, windows: readonly SignalWindow[]): Evidence {
  let evidence = frozen(startEvidence(signal));
  for (const window of windows) {
    evidence = frozen(addWindow(signal, evidence, frozen(window)));
    expect(unholdable(evidence)).toEqual([]);
    expect(unholdable(readSignal(signal, evidence))).toEqual([]);
  }
  return evidence;
}

describe.each(SIGNALS)("$id", (signal) => {
  test("any window gives evidence and readings that are finite, and changes no argument", () => {
    const sequences = fc.array(fc.oneof(anything, windowOf(signal)), { maxLength: 12 });
    fc.assert(
      fc.property(sequences, (windows) => {
        expect(afterAll(signal, windows).version).toBe(1);
      }),
      { numRuns: 120 },
    );
  });

  test("evidence survives JSON, and then goes on alike", () => {
    const sequences = fc.array(windowOf(signal), { maxLength: 8 });
    fc.assert(
      fc.property(sequences, windowOf(signal), (windows, last) => {
        const evidence = afterAll(signal, windows);
        const stored = JSON.parse(JSON.stringify(evidence)) as Evidence;
        expect(readSignal(signal, stored)).toEqual(readSignal(signal, evidence));
        expect(addWindow(signal, stored, last)).toEqual(addWindow(signal, evidence, last));
        expect(restartEvidence(signal, stored)).toEqual(restartEvidence(signal, evidence));
      }),
      { numRuns: 50 },
    );
  });

  test("evidence stays as small as it is", () => {
    const sequences = fc.array(windowOf(signal), { maxLength: 20 });
    fc.assert(
      fc.property(sequences, (windows) => {
        expect(JSON.stringify(afterAll(signal, windows)).length).toBeLessThan(6000);
      }),
      { numRuns: 30 },
    );
  });

  test("a window that cannot be changes `rejected` alone", () => {
    const impossible = anything.filter((window) => {
      const start = startEvidence(signal);
      return addWindow(signal, start, window).rejected > 0;
    });
    fc.assert(
      fc.property(fc.array(windowOf(signal), { maxLength: 4 }), impossible, (windows, window) => {
        const evidence = afterAll(signal, windows);
        const { rejected } = evidence;
        expect(addWindow(signal, evidence, window)).toEqual({
          ...evidence,
          rejected: rejected + 1,
        });
      }),
      { numRuns: 50 },
    );
  });
});

const GOOD = { trials: 10, hits: 1 };

test.each([
  { name: "more hits than trials", signal: ERRORS, canary: { trials: 10, hits: 11 } },
  { name: "a count below 0", signal: ERRORS, canary: { trials: 10, hits: -1 } },
  { name: "a count that is no number", signal: ERRORS, canary: { trials: "10", hits: 1 } },
  { name: "a count beyond 2^53", signal: ERRORS, canary: { trials: 1e300, hits: 1 } },
  { name: "buckets for a rate", signal: ERRORS, canary: { buckets: [1, 2] } },
  { name: "no canary", signal: ERRORS, canary: null },
  { name: "counts for a quantile", signal: P95, canary: GOOD },
  { name: "a wrong number of buckets", signal: P95, canary: { buckets: [1, 2, 3] } },
])("$name is rejected", ({ signal, canary }) => {
  const control = signal.kind === "rate" ? GOOD : { buckets: Array.from({ length: 10 }, () => 5) };
  const window = { stage: "1", canary, control } as unknown as SignalWindow;
  const start = startEvidence(signal);
  expect(addWindow(signal, start, window)).toEqual({ ...start, rejected: 1 });
});

test.each([
  { name: "a missing control", window: { stage: "1", canary: GOOD } },
  { name: "a stage that is no text", window: { stage: 1, canary: GOOD, control: GOOD } },
])("$name is rejected", ({ window }) => {
  const start = startEvidence(ERRORS);
  expect(addWindow(ERRORS, start, window as unknown as SignalWindow).rejected).toBe(1);
});
