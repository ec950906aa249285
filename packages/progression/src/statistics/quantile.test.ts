import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { drawLatencies } from "../rehearsal/latency.ts";
import { chancesOf, P95 } from "../../test/simulate/latency.ts";
import { seeded } from "../rehearsal/random.ts";
import type { Evidence, Histogram, QuantileSignal, SignalWindow } from "../index.ts";
import { addWindow, readSignal, startEvidence } from "../index.ts";
import { quantileValue } from "./histogram.ts";
import { tableOf } from "./table.ts";

/** Each bound twice the one before. */
const DOUBLING: QuantileSignal = {
  ...P95,
  bounds: Array.from({ length: 12 }, (_, i) => 0.01 * 2 ** i),
};
const SIZE = DOUBLING.bounds.length + 1;
const NOBODY: Histogram = { buckets: Array.from({ length: SIZE }, () => 0) };

/** Latencies in the middle buckets, so that they can be twice as long. */
const latencies = fc
  .array(fc.nat(300), { minLength: 6, maxLength: 6 })
  .map((middle): Histogram => ({ buckets: [0, 0, 0, ...middle, 0, 0, 0, 0] }));

function twiceAsLong({ buckets }: Histogram): Histogram {
  return { buckets: [0, ...buckets.slice(0, -1)] };
}

function baseline(evidence: Evidence, control: Histogram, windows: number): Evidence {
  let after = evidence;
  for (let i = 0; i < windows; i += 1) {
    after = addWindow(DOUBLING, after, { stage: "baseline", canary: NOBODY, control });
  }
  return after;
}

test("latencies that all become one bucket longer make the same table, once they are known", () => {
  fc.assert(
    fc.property(latencies, latencies, latencies, (usual, canary, control) => {
      const known = baseline(startEvidence(DOUBLING), usual, 5);
      const longer = baseline(known, twiceAsLong(usual), 300);
      const window: SignalWindow = { stage: "1", canary, control };
      const shifted = { stage: "1", canary: twiceAsLong(canary), control: twiceAsLong(control) };
      const [before, after] = [
        tableOf(DOUBLING, known, window),
        tableOf(DOUBLING, longer, shifted),
      ];
      const rounded = (table: typeof before): object | null =>
        table && { ...table, control: { ...table.control, foreseen: undefined } };
      expect(rounded(after)).toEqual(rounded(before));
      expect(after?.control?.foreseen ?? 0).toBeCloseTo(before?.control?.foreseen ?? 0, 6);
    }),
    { numRuns: 200 },
  );
});

/** In how many of so many stages at 10 % of 500 rps, half an hour long, EdgeZero proves a bar. */
function proven(slowness: number, runs: number, bar: "evidenceBeyond" | "evidence"): number {
  const [usual, slow] = [chancesOf(1), chancesOf(slowness)];
  let count = 0;
  for (let seed = 0; seed < runs; seed += 1) {
    const random = seeded(seed);
    let evidence = startEvidence(P95);
    for (let i = 0; i < 140; i += 1) {
      const isBaseline = i < 20;
      evidence = addWindow(P95, evidence, {
        stage: isBaseline ? "baseline" : "10",
        canary: drawLatencies(random, isBaseline ? 0 : 750, slow),
        control: drawLatencies(random, 6750, usual),
      });
      if (i % 4 === 3 && readSignal(P95, evidence)[bar] === 1) {
        count += 1;
        break;
      }
    }
  }
  return count;
}

describe("a p95 in buckets that are a tenth wide", () => {
  test("exactly at the margin is not proven to be beyond it more often than gamma", () => {
    const [runs, gamma] = [40, 0.2];
    expect(proven(1.15, runs, "evidenceBeyond")).toBeLessThanOrEqual(
      runs * gamma + 3 * Math.sqrt(runs * gamma * (1 - gamma)),
    );
  });

  test("of one and a half times legacy's is proven", () => {
    expect(proven(1.5, 10, "evidence")).toBe(10);
  });
});

test("without 100 recent requests of legacy there is no bound, and nothing is judged", () => {
  const few = { buckets: NOBODY.buckets.map((_, i) => (i < 9 ? 11 : 0)) };
  const evidence = addWindow(DOUBLING, startEvidence(DOUBLING), {
    stage: "1",
    canary: few,
    control: few,
  });
  expect(evidence).toMatchObject({ windows: 0, stage: null, reserve: 1 });
  expect(evidence.histogram?.recentControl).toEqual(few.buckets);
});

test.each([
  { name: "nothing", buckets: [0, 0, 0, 0], value: null },
  { name: "all in the first bucket", buckets: [10, 0, 0, 0], value: 1 },
  { name: "all in the last bucket", buckets: [0, 0, 0, 10], value: 4 },
  { name: "half of the second bucket", buckets: [0, 10, 0, 0], value: Math.SQRT2 },
  { name: "a bound", buckets: [5, 5, 5, 5], value: 2 },
])("the median of $name is $value", ({ buckets, value }) => {
  const given = quantileValue(buckets, [1, 2, 4], 0.5);
  expect(given?.toFixed(12)).toBe(value?.toFixed(12));
});
