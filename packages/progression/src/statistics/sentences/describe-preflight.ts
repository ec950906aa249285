import type { PreflightPlan, PreflightRow } from "../preflight.ts";
import type { Direction, Signal } from "../signal.ts";
import { guardedDirections, line, quantileOf } from "../signal.ts";
import type { Traffic } from "../traffic.ts";
import { duration, percent, points, rounded } from "./numbers.ts";

/**
 * One row of `preflight` as a sentence for an operator.
 *
 * @returns The empty text where the row is not of this plan.
 */
export function describePreflight(
  plan: PreflightPlan,
  traffic: Traffic,
  row: PreflightRow,
): string {
  const signal = plan.signals.find(({ id }) => id === row.signal);
  const stage = plan.stages[row.stage];
  if (signal === undefined || stage === undefined) return "";
  const where = `${row.signal}, ${duration(stage.holdMinutes)} at ${row.pct}% of ${rpsOf(traffic)} rps`;
  return `${where}: ${row.pct >= 100 ? withoutLegacy(signal, row) : besideLegacy(signal, row)}.`;
}

function rpsOf({ rps }: Traffic): string {
  if (typeof rps === "number") return rounded(rps);
  return `${rounded(Math.min(...rps))} to ${rounded(Math.max(...rps))}`;
}

function withoutLegacy({ kind, ceiling }: Signal, { smallest }: PreflightRow): string {
  if (ceiling === undefined) return "there is no legacy to compare with, and no ceiling";
  if (kind === "quantile") return "there is no legacy to compare with, only a ceiling";
  return smallest === null
    ? `no fault above the ceiling of ${percent(ceiling)} would be seen in 9 of 10 cases`
    : `${percent(ceiling + smallest)} or more, ${points(smallest)} above the ceiling, would be seen in 9 of 10 cases`;
}

function besideLegacy(signal: Signal, { smallest, doubleMarginMinutes }: PreflightRow): string {
  const seen =
    smallest === null
      ? "no fault would be seen in 9 of 10 cases"
      : `${faultOf(signal, smallest)} would be seen in 9 of 10 cases`;
  const needs =
    doubleMarginMinutes === null
      ? "can never be guarded here, or not within 30 days"
      : `needs a hold of ${duration(doubleMarginMinutes)}`;
  return `${seen}; the margin of ${marginOf(signal)} ${needs}`;
}

function directionOf(signal: Signal): Direction {
  return guardedDirections(signal)[0] ?? "up";
}

function faultOf(signal: Signal, smallest: number): string {
  const isUp = directionOf(signal) === "up";
  if (signal.kind === "quantile") {
    const name = `p${rounded(100 * quantileOf(signal))}`;
    return `a ${name} of ${rounded(smallest, 3)} times legacy's or more`;
  }
  if ("abs" in signal.margin) return `a fault of ${isUp ? "+" : "−"}${points(smallest)} or more`;
  return `${rounded(smallest, 3)} times legacy's rate or ${isUp ? "more" : "less"}`;
}

/** The margin in the words of a plan. */
export function marginOf(signal: Signal): string {
  const { margin } = signal;
  if ("abs" in margin) return points(margin.abs);
  return "rel" in margin ? percent(margin.rel) : `${rounded(line(margin, "up"))} times`;
}
