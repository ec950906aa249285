import * as fc from "fast-check";
import { expect, test } from "vitest";
import { SIGNALS, windowOf } from "../../test/arbitraries.ts";
import { addWindow, judgeSignal, readsWorse, startEvidence } from "./index.ts";

test.each(SIGNALS)("$id: what reads worse is what is judged worse, after any windows", (signal) => {
  let worse = 0;
  fc.assert(
    fc.property(fc.array(windowOf(signal), { maxLength: 8 }), (windows) => {
      let evidence = startEvidence(signal);
      for (const window of windows) {
        evidence = addWindow(signal, evidence, window);
        const isWorse = judgeSignal(signal, evidence).verdict === "worse";
        if (isWorse) worse += 1;
        expect(readsWorse(signal, evidence)).toBe(isWorse);
      }
    }),
    { numRuns: 1000 },
  );
  expect(worse).toBeGreaterThan(10);
});
