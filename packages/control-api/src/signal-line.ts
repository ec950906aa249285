import type { SignalView } from "./signal-view.ts";

const NUMBER = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const WHOLE_PERCENT = new Intl.NumberFormat("en", { style: "percent" });
const PERCENT = new Intl.NumberFormat("en", {
  style: "percent",
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
});
const POINTS = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/**
 * What a signal reads, in one line without its name:
 * `0.12% against 0.10% · margin 0.10 · 62% of the evidence to roll back · 1,460 of 20,000`.
 * A margin of points is in percentage points. Pure.
 */
export function signalLine(signal: SignalView): string {
  return [
    valuesText(signal),
    marginText(signal),
    `${evidencePercent(signal.evidence)} of the evidence ${consequence(signal)}`,
    progressText(signal),
  ]
    .filter((part) => part !== "")
    .join(" · ");
}

function valuesText({ canary, control, basis }: SignalView): string {
  if (canary === null) return "no requests on EdgeZero yet";
  const show = (value: number): string =>
    basis.signal.kind === "rate" ? PERCENT.format(value) : `${NUMBER.format(value)} ms`;
  if (control !== null) return `${show(canary)} against ${show(control)}`;
  return basis.evidence.alone ? show(canary) : `${show(canary)}, no requests on legacy`;
}

function marginText({ margin, basis }: SignalView): string {
  const { signal, evidence } = basis;
  if (evidence.alone) {
    if (margin.up === null) return "no ceiling";
    const ceiling =
      signal.kind === "rate" ? PERCENT.format(margin.up) : `${NUMBER.format(margin.up)} ms`;
    return `ceiling ${ceiling}`;
  }
  if ("abs" in signal.margin) return `margin ${POINTS.format(100 * signal.margin.abs)}`;
  if ("rel" in signal.margin) return `margin ${NUMBER.format(100 * signal.margin.rel)}%`;
  return `margin ${NUMBER.format(signal.margin.ratio)} times`;
}

/** Rounded down: 100% is shown only where the evidence is complete. */
function evidencePercent(evidence: number): string {
  return WHOLE_PERCENT.format(Math.floor(100 * evidence) / 100);
}

function consequence({ breach }: SignalView): string {
  return breach === "hold" ? "to hold" : "to roll back";
}

function progressText({ trials, needed }: SignalView): string {
  return needed === null
    ? COUNT.format(trials)
    : `${COUNT.format(trials)} of ${COUNT.format(Math.ceil(needed))}`;
}
