import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type {
  Evidence,
  PreflightPlan,
  PreflightRow,
  Reading,
  Signal,
  SignalWindow,
  Traffic,
} from "../index.ts";
import {
  addWindow,
  preflight,
  readSignal,
  restartEvidence,
  splitAlpha,
  startEvidence,
} from "../index.ts";

interface Vectors {
  readonly relativeTolerance: number;
  readonly absoluteTolerance: number;
  readonly sequences: readonly {
    readonly name: string;
    readonly signal: Signal;
    readonly windows: readonly SignalWindow[];
    /** Windows before which the evidence begins again. */
    readonly restarts: readonly number[];
    readonly readings: readonly Reading[];
  }[];
  readonly preflight: readonly {
    readonly plan: PreflightPlan;
    readonly traffic: Traffic;
    readonly rows: readonly PreflightRow[];
  }[];
  readonly splitAlpha: readonly {
    readonly total: number;
    readonly weights: readonly number[];
    readonly alphas: readonly number[];
  }[];
}

const vectors = JSON.parse(
  readFileSync(new URL("../../vectors/verdicts.json", import.meta.url), "utf8"),
) as Vectors;

/** The places where two values differ by more than the tolerance, each with both of them. */
function differences(given: unknown, expected: unknown, place = ""): string[] {
  if (typeof given === "number" && typeof expected === "number") {
    const { relativeTolerance, absoluteTolerance } = vectors;
    const allowed = Math.max(absoluteTolerance, relativeTolerance * Math.abs(expected));
    return Math.abs(given - expected) <= allowed ? [] : [`${place}: ${given}, not ${expected}`];
  }
  if (typeof given !== "object" || typeof expected !== "object" || !given || !expected) {
    return given === expected ? [] : [`${place}: ${String(given)}, not ${String(expected)}`];
  }
  const names = [...new Set([...Object.keys(given), ...Object.keys(expected)])];
  return names.flatMap((name) =>
    differences(
      (given as Record<string, unknown>)[name],
      (expected as Record<string, unknown>)[name],
      `${place}/${name}`,
    ),
  );
}

describe("the vectors", () => {
  test.each(vectors.sequences)("$name: every window reads as it should", (sequence) => {
    const { signal, windows, restarts, readings } = sequence;
    let evidence: Evidence = startEvidence(signal);
    const given = windows.map((window, i) => {
      if (restarts.includes(i)) evidence = restartEvidence(signal, evidence);
      evidence = addWindow(signal, evidence, window);
      return readSignal(signal, evidence);
    });
    expect(differences(given, readings)).toEqual([]);
  });

  test.each(vectors.preflight)("preflight at $traffic.rps rps", ({ plan, traffic, rows }) => {
    expect(differences(preflight(plan, traffic), rows)).toEqual([]);
  });

  test.each(vectors.splitAlpha)("$total is split by $weights", ({ total, weights, alphas }) => {
    expect(differences(splitAlpha(total, weights), alphas)).toEqual([]);
  });
});
