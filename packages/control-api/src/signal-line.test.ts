import { barsOf, startEvidence } from "@edgezero/progression";
import type { Signal } from "@edgezero/progression";
import { expect, test } from "vitest";
import { signalLine } from "./signal-line.ts";
import type { SignalView } from "./signal-view.ts";

const ERRORS: Signal = {
  id: "errors",
  kind: "rate",
  worse: "up",
  margin: { abs: 0.001 },
  alpha: 0.01,
};
const P95: Signal = { ...ERRORS, kind: "quantile", margin: { rel: 0.15 }, bounds: [100] } as Signal;

function shown(signal: Signal, more: Partial<SignalView>, alone = false): string {
  return signalLine({
    name: signal.id,
    required: true,
    decides: true,
    breach: "rollback",
    source: "scrape",
    sentence: "",
    learning: null,
    bars: barsOf(signal, startEvidence(signal)),
    heldSince: null,
    seenTo: null,
    advisory: null,
    verdict: "undecided",
    direction: null,
    estimate: 0.0002,
    lower: null,
    upper: null,
    margin: { up: 0.001, down: null },
    recent: null,
    evidence: 0.62,
    evidenceWorse: 0.62,
    evidenceBeyond: 0.7,
    trials: 1460,
    needed: 19_999.5,
    canary: 0.0012,
    control: 0.001,
    designEffect: 1,
    rejected: 0,
    basis: { signal, evidence: { ...startEvidence(signal), alone } },
    ...more,
  });
}

test.each([
  {
    name: "a rate with a margin in points",
    line: shown(ERRORS, {}),
    expected:
      "0.12% against 0.10% · margin 0.10 · 62% of the evidence to roll back · 1,460 of 20,000",
  },
  {
    name: "a latency that only holds",
    line: shown(P95, { canary: 212.4, control: 198, breach: "hold" }),
    expected: "212 ms against 198 ms · margin 15% · 62% of the evidence to hold · 1,460 of 20,000",
  },
  {
    name: "a margin in times",
    line: shown({ ...ERRORS, margin: { ratio: 2 } }, { needed: null }),
    expected: "0.12% against 0.10% · margin 2 times · 62% of the evidence to roll back · 1,460",
  },
  {
    name: "at 100% the ceiling",
    line: shown(ERRORS, { control: null, margin: { up: 0.02, down: null } }, true),
    expected: "0.12% · ceiling 2.00% · 62% of the evidence to roll back · 1,460 of 20,000",
  },
  {
    name: "at 100% without a ceiling",
    line: shown(ERRORS, { control: null, margin: { up: null, down: null } }, true),
    expected: "0.12% · no ceiling · 62% of the evidence to roll back · 1,460 of 20,000",
  },
  {
    name: "nothing yet",
    line: shown(ERRORS, { canary: null, control: null, evidence: 0, trials: 0, needed: null }),
    expected: "no requests on EdgeZero yet · margin 0.10 · 0% of the evidence to roll back · 0",
  },
  {
    name: "evidence that is nearly complete is not called complete",
    line: shown(ERRORS, { evidence: 0.999 }),
    expected:
      "0.12% against 0.10% · margin 0.10 · 99% of the evidence to roll back · 1,460 of 20,000",
  },
])("$name", ({ line, expected }) => {
  expect(line).toBe(expected);
});
