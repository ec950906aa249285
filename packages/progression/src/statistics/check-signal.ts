import type { Margin, QuantileSignal, Signal } from "./signal.ts";

/**
 * Refuses a signal that cannot be judged.
 *
 * @throws RangeError that names the field, its value and what is allowed.
 */
export function checkSignal(signal: Signal): void {
  check(signal, "kind", ["rate", "quantile"].includes(signal.kind), '"rate" or "quantile"');
  check(signal, "alpha", isBetween(signal.alpha, 0, 1), "between 0 and 1");
  check(signal, "gamma", isBetween(signal.gamma ?? 0.5, 0, 1), "between 0 and 1");
  check(signal, "beta", isBetween(signal.beta ?? 0.5, 0, 1), "between 0 and 1");
  check(signal, "minTrials", isCount(signal.minTrials ?? 0), "a finite number of at least 0");
  check(signal, "minHits", isCount(signal.minHits ?? 0), "a finite number of at least 0");
  checkWorse(signal);
  checkMargin(signal);
  checkCeiling(signal);
  if (signal.kind === "quantile") checkQuantile(signal);
}

function checkWorse(signal: Signal): void {
  if (signal.kind === "quantile") {
    check(signal, "worse", signal.worse === "up", '"up" for a quantile');
  } else {
    const isKnown = ["up", "down", "both"].includes(signal.worse);
    check(signal, "worse", isKnown, '"up", "down" or "both"');
  }
}

function checkMargin(signal: Signal): void {
  const { margin } = signal as { readonly margin: Partial<Record<string, unknown>> | null };
  const [kind, ...others] = Object.keys(margin ?? {});
  check(signal, "margin", others.length === 0, "exactly one of abs, rel and ratio");
  const isValid = (MARGINS[kind as keyof typeof MARGINS] ?? (() => false))(margin?.[kind ?? ""]);
  if (signal.kind === "quantile") {
    const allowed = "a rel above 0 or a ratio above 1 for a quantile";
    check(signal, "margin", isValid && kind !== "abs", allowed);
  } else if (signal.worse === "up") {
    const allowed = "an abs between 0 and 1, a rel above 0 or a ratio above 1";
    check(signal, "margin", isValid, allowed);
  } else {
    const isAllowed = isValid && (kind !== "rel" || isBetween(margin?.["rel"], 0, 1));
    const allowed = `an abs or a rel between 0 and 1, or a ratio above 1, where worse is not "up"`;
    check(signal, "margin", isAllowed, allowed);
  }
}

type MarginKind = Margin extends infer M ? (M extends unknown ? keyof M : never) : never;

const MARGINS: Readonly<Record<MarginKind, (value: unknown) => boolean>> = {
  abs: (value) => isBetween(value, 0, 1),
  rel: (value) => isBetween(value, 0, Infinity),
  ratio: (value) => isBetween(value, 1, Infinity),
};

function checkCeiling(signal: Signal): void {
  const { ceiling } = signal;
  if (ceiling === undefined) return;
  check(signal, "ceiling", signal.worse === "up", 'absent where worse is not "up"');
  if (signal.kind === "rate") {
    check(signal, "ceiling", isBetween(ceiling, 0, 1), "between 0 and 1 for a rate");
  } else {
    check(signal, "ceiling", isBetween(ceiling, 0, Infinity), "a finite number above 0");
  }
}

function checkQuantile(signal: QuantileSignal): void {
  check(signal, "quantile", isBetween(signal.quantile ?? 0.5, 0, 1), "between 0 and 1");
  const { bounds } = signal;
  const isAscending =
    Array.isArray(bounds) &&
    bounds.length > 0 &&
    bounds.every((bound, i) => isBetween(bound, bounds[i - 1] ?? 0, Infinity));
  check(signal, "bounds", isAscending, "at least one finite number, ascending, above 0");
}

/** Ends excluded. NaN and what is no number lie nowhere. */
function isBetween(value: unknown, low: number, high: number): value is number {
  return typeof value === "number" && value > low && value < high;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value < Infinity;
}

function check(signal: Signal, field: keyof QuantileSignal, isAllowed: boolean, allowed: string) {
  if (isAllowed) return;
  const value: unknown = (signal as Partial<QuantileSignal>)[field];
  const shown = typeof value === "number" ? String(value) : JSON.stringify(value);
  throw new RangeError(`signal ${JSON.stringify(signal.id)}: ${field} is ${shown}: ${allowed}`);
}
