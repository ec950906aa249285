import * as fc from "fast-check";
import type { Evidence, RolloutState, Signal } from "../src/index.ts";
import { addWindow, startEvidence } from "../src/index.ts";
import { SIGNALS, windowOf } from "./arbitraries.ts";
import { statesOf } from "./histories/run.ts";
import { Rollout } from "./site.ts";

/** Some states of many random histories. */
export function statesOfHistories(histories: number, each: number): RolloutState[] {
  return Array.from({ length: histories }, (_, seed) => seed).flatMap((seed) =>
    statesOf(seed).filter((__, i) => i % each === seed % each),
  );
}

/** States with signals of every kind, after any windows. */
export function statesOfSignals(runs: number): RolloutState[] {
  const { state } = new Rollout();
  const watched = SIGNALS.map((signal) => {
    const [rules] = state.rules.signals;
    if (rules === undefined) throw new Error("a plan without signals");
    return { ...rules, name: signal.id, signal };
  });
  const evidence = fc.tuple(...SIGNALS.map((signal) => evidenceOf(signal)));
  const rules = { ...state.rules, signals: watched };
  const withEvidence = (known: readonly Evidence[]): RolloutState => {
    const named = known.map((one, i) => [SIGNALS[i]?.id ?? "", one] as const);
    return { ...state, rules, evidence: Object.fromEntries(named) };
  };
  return fc.sample(evidence, { numRuns: runs, seed: 1 }).map(withEvidence);
}

function evidenceOf(signal: Signal & (typeof SIGNALS)[number]): fc.Arbitrary<Evidence> {
  return fc
    .array(windowOf(signal), { maxLength: 30 })
    .map((windows) =>
      windows.reduce<Evidence>(
        (evidence, window) => addWindow(signal, evidence, window),
        startEvidence(signal),
      ),
    );
}
