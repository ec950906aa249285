import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CONVERSIONS, ERRORS, SIGNALS, windowOf } from "../../test/arbitraries.ts";
import { seeded } from "../rehearsal/random.ts";
import { trafficOf } from "../../test/simulate/site.ts";
import type { Evidence, RateSignal, SignalWindow } from "../index.ts";
import { addWindow, readSignal, startEvidence } from "../index.ts";

const BOTH: RateSignal = { ...CONVERSIONS, id: "redirects", worse: "both" };

/** One stage of a site with constant shares, from a seed. */
const stage = fc.record({
  seed: fc.nat(),
  rps: fc.constantFrom(1, 20, 200),
  rate: fc.constantFrom(0, 0.001, 0.02, 0.3),
  canaryRate: fc.constantFrom(0, 0.001, 0.02, 0.3, 1),
  pct: fc.constantFrom(1, 10, 50, 90),
  windows: fc.integer({ min: 1, max: 40 }),
});

type Stage = typeof stage extends fc.Arbitrary<infer T> ? T : never;

function evidenceOf(signal: RateSignal, { seed, pct, windows, ...rates }: Stage): Evidence {
  const next = trafficOf({ name: "", ...rates }, seeded(seed));
  let evidence = startEvidence(signal);
  for (let i = 0; i < windows; i += 1) {
    evidence = addWindow(signal, evidence, { stage: String(pct), ...next(pct) });
  }
  return evidence;
}

describe.each([ERRORS, CONVERSIONS, BOTH])("$id, an absolute margin", (signal) => {
  test("the estimate lies within the interval", () => {
    fc.assert(
      fc.property(stage, (drawn) => {
        const { lower, estimate, upper } = readSignal(signal, evidenceOf(signal, drawn));
        expect(lower ?? -1).toBeLessThanOrEqual((estimate ?? 0) + 1e-9);
        expect(upper ?? 1).toBeGreaterThanOrEqual((estimate ?? 0) - 1e-9);
      }),
      { numRuns: 100 },
    );
  });

  test("`not-worse` is where the interval lies on the good side of the margin, and never `worse`", () => {
    fc.assert(
      fc.property(stage, (drawn) => {
        const { verdict, lower, upper, margin } = readSignal(signal, evidenceOf(signal, drawn));
        const isWithin =
          (margin.up === null || (upper ?? Infinity) < margin.up) &&
          (margin.down === null || (lower ?? -Infinity) > margin.down);
        fc.pre(verdict !== "insufficient");
        expect(verdict === "not-worse").toBe(isWithin);
      }),
      { numRuns: 100 },
    );
  });
});

test.each(SIGNALS)("$id: evidence is 0 to 1, and `worse` has all of it", (signal) => {
  const sequences = fc.array(windowOf(signal), { maxLength: 15 });
  fc.assert(
    fc.property(sequences, (windows) => {
      const evidence = windows.reduce((e, w) => addWindow(signal, e, w), startEvidence(signal));
      const reading = readSignal(signal, evidence);
      expect(reading.evidence).toBe(Math.min(reading.evidenceWorse, reading.evidenceBeyond));
      for (const bar of [reading.evidenceWorse, reading.evidenceBeyond]) {
        expect(bar).toBeGreaterThanOrEqual(0);
        expect(bar).toBeLessThanOrEqual(1);
      }
      expect(reading.evidence === 1 || reading.verdict !== "worse").toBe(true);
    }),
    { numRuns: 150 },
  );
});

function after(...windows: readonly SignalWindow[]): Evidence {
  return windows.reduce((e, w) => addWindow(ERRORS, e, w), startEvidence(ERRORS));
}

function window(canaryHits: number, controlHits: number): SignalWindow {
  return {
    stage: "1",
    canary: { trials: 750, hits: canaryHits },
    control: { trials: 6750, hits: controlHits },
  };
}

describe("edge cases", () => {
  test("no window yet is insufficient", () => {
    expect(readSignal(ERRORS, startEvidence(ERRORS))).toEqual({
      verdict: "insufficient",
      direction: null,
      estimate: null,
      lower: null,
      upper: null,
      margin: { up: 0.001, down: null },
      recent: null,
      evidence: 0,
      evidenceWorse: 0,
      evidenceBeyond: 0,
      trials: 0,
      needed: null,
      canary: null,
      control: null,
      designEffect: 10,
      rejected: 0,
    });
  });

  test("no failure on either side stakes nothing away, and proves health in the end", () => {
    const reading = readSignal(ERRORS, after(window(0, 0)));
    expect(reading.evidenceWorse).toBe(0);
    const many = Array.from({ length: 400 }, () => window(0, 0));
    expect(readSignal(ERRORS, after(...many)).verdict).toBe("not-worse");
  });

  test("both paths wholly down say nothing against EdgeZero", () => {
    expect(readSignal(ERRORS, after(window(750, 6750), window(750, 6750))).verdict).toBe(
      "undecided",
    );
  });

  test("a fault of EdgeZero alone is `worse`, and `worse` ends when it recovers", () => {
    const faulty = after(window(750, 6));
    expect(readSignal(ERRORS, faulty)).toMatchObject({ verdict: "worse", direction: "up" });
    const healthy = Array.from({ length: 2000 }, () => window(1, 9));
    const recovered = healthy.reduce((e, w) => addWindow(ERRORS, e, w), faulty);
    expect(readSignal(ERRORS, recovered).verdict).not.toBe("worse");
  });

  test("fewer hits than asked for are never `worse`", () => {
    const faulty = after(window(200, 6), window(200, 6));
    expect(readSignal({ ...ERRORS, minHits: 400 }, faulty).verdict).toBe("worse");
    expect(readSignal({ ...ERRORS, minHits: 401 }, faulty).verdict).toBe("undecided");
  });

  test("after the cutover only a ceiling can be broken", () => {
    const alone = { stage: "100", canary: { trials: 7500, hits: 7500 }, control: null };
    expect(readSignal(ERRORS, after(alone)).verdict).toBe("worse");
    const { ceiling: _, ...without } = ERRORS;
    expect(readSignal(without, addWindow(without, startEvidence(without), alone)).verdict).toBe(
      "insufficient",
    );
  });
});
