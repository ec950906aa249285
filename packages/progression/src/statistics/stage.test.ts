import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ERRORS, P95, SIGNALS, windowOf } from "../../test/arbitraries.ts";
import type { Evidence, SignalWindow } from "../index.ts";
import { addWindow, startEvidence } from "../index.ts";
import { enterStage } from "./stage.ts";

const PATH = { trials: 1000, hits: 1 };

function after(windows: readonly SignalWindow[]): Evidence {
  return windows.reduce((made, window) => addWindow(ERRORS, made, window), startEvidence(ERRORS));
}

test("the purse is one, whatever the stages", () => {
  const stages = fc.array(
    fc.tuple(fc.constantFrom("1", "10", "50"), fc.boolean(), fc.integer({ min: 1, max: 500 })),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(stages, (sequence) => {
      let evidence = startEvidence(ERRORS);
      let [staked, isNegative] = [0, false];
      for (const [stage, alone, windows] of sequence) {
        for (let window = 0; window < windows; window += 1) {
          const entered = enterStage(ERRORS, evidence, stage, alone);
          isNegative ||= entered.stake < 0;
          staked += entered.stake;
          ({ evidence } = entered);
        }
      }
      expect(isNegative).toBe(false);
      expect(Math.abs(evidence.reserve + evidence.later + staked - 1)).toBeLessThan(1e-12);
    }),
    { numRuns: 50 },
  );
});

test("a thousand stages empty the purse, and bets go on without a stake", () => {
  let evidence = startEvidence(ERRORS);
  for (let stage = 0; stage < 1000; stage += 1) {
    const window = { stage: String(stage), canary: PATH, control: PATH };
    evidence = addWindow(ERRORS, evidence, window);
  }
  expect(evidence.reserve + evidence.later).toBe(0);
  expect(evidence.worse.up?.every((log) => Number.isFinite(log))).toBe(true);
});

/** What a baseline must not touch: all but what is learned of legacy. */
function ofTheRollout(evidence: Evidence): object {
  const { canary, control, recentCanary } = evidence.histogram ?? {};
  return { ...evidence, spread: null, histogram: { canary, control, recentCanary } };
}

test.each(SIGNALS)("$id: windows of legacy alone change no purse, pot or sum", (signal) => {
  const nobody =
    signal.kind === "rate"
      ? { trials: 0, hits: 0 }
      : { buckets: Array.from({ length: P95.bounds.length + 1 }, () => 0) };
  const baselines = fc.array(windowOf(signal), { maxLength: 10 });
  fc.assert(
    fc.property(baselines, baselines, (windows, others) => {
      const seen = (start: Evidence, these: readonly SignalWindow[]): Evidence =>
        these.reduce((evidence, window) => addWindow(signal, evidence, window), start);
      const before = seen(startEvidence(signal), windows);
      const later = seen(
        before,
        others.map((window) => ({ ...window, canary: nobody })),
      );
      expect(ofTheRollout(later)).toEqual(ofTheRollout(before));
    }),
    { numRuns: 100 },
  );
});

test("a stage begins where the name changes, and where the control goes", () => {
  const first: SignalWindow = { stage: "1", canary: PATH, control: PATH };
  expect(after([first, first]).stageWindow).toBe(2);
  expect(after([first, { ...first, stage: "10" }]).stageWindow).toBe(1);
  expect(after([first, { ...first, control: null }])).toMatchObject({
    stageWindow: 1,
    alone: true,
    sums: { canaryTrials: 1000, controlTrials: 0 },
  });
});
