import type { SignalView } from "@edgezero/control-api/signal-view";
import { percentText, threeDigits, twoDigits } from "./numbers.ts";

/** A value of EdgeZero's or legacy's; a dash where there is no value. */
export function valueText({ basis }: SignalView, value: number | null): string {
  if (value === null) return "–";
  return basis.signal.kind === "rate" ? percentText(value) : `${threeDigits(value)} ms`;
}

/** EdgeZero's rate over about the last five windows; `null` for a quantile, and where nothing came. */
export function recentRate({ basis: { signal, evidence } }: SignalView): number | null {
  const { hits, trials } = evidence.recent;
  return signal.kind === "rate" && trials > 0 ? hits / trials : null;
}

/** The margin or the ceiling, as the plan says it. */
export function marginText(signal: SignalView): string {
  const { margin, basis } = signal;
  if (basis.evidence.alone) {
    return margin.up === null ? "no ceiling" : `ceiling ${valueText(signal, margin.up)}`;
  }
  const given = basis.signal.margin;
  const sides = basis.signal.worse === "both" ? "±" : "";
  if ("abs" in given) return `margin ${sides}${twoDigits(100 * given.abs)} points`;
  if ("rel" in given) return `margin ${sides}${twoDigits(100 * given.rel)}%`;
  return `margin ${twoDigits(given.ratio)} times`;
}

/** The difference from legacy on the scale of the margin: `+0.42 points`, `+8%`, `1.08 times`. */
export function differenceText({ basis }: SignalView, value: number | null): string {
  if (value === null) return "–";
  const { signal, evidence } = basis;
  if (evidence.alone)
    return signal.kind === "rate" ? percentText(value) : `${threeDigits(value)} ms`;
  if (signal.kind === "rate" && "abs" in signal.margin) {
    const points = 100 * value;
    return `${points < 0 ? "−" : "+"}${twoDigits(Math.abs(points))} points`;
  }
  if ("rel" in signal.margin) {
    const change = 100 * (value - 1);
    return `${change < 0 ? "−" : "+"}${twoDigits(Math.abs(change))}%`;
  }
  return `${threeDigits(value)} times`;
}

/** What full evidence does. */
export function consequenceText({ breach }: SignalView): string {
  return breach === "rollback" ? "to roll back" : "to hold";
}

/** Its sentence without the name, which stands beside it. */
export function sentenceText(signal: SignalView): string {
  const { name, sentence } = signal;
  const own = sentence.startsWith(`${name}: `) ? sentence.slice(name.length + 2) : sentence;
  return isProofBeyondInterval(signal)
    ? `${own} The proof is another test than the interval that is drawn.`
    : own;
}

/** What the evidence is weakened by, and what legacy did before; `""` where there is nothing to add. */
export function detailText({ learning, advisory }: SignalView): string {
  return [learning, advisory?.sentence].filter(Boolean).join(" ");
}

/** Whether it is proven worse, and the interval still holds values within the margin. */
function isProofBeyondInterval({ verdict, direction, lower, upper, margin }: SignalView): boolean {
  if (verdict !== "worse") return false;
  return direction === "down"
    ? margin.down !== null && (upper === null || upper > margin.down)
    : margin.up !== null && (lower === null || lower < margin.up);
}
