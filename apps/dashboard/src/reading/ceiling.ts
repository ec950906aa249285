import type { SignalView } from "@edgezero/control-api/signal-view";
import { recentRate, valueText } from "./signal-texts.ts";

/** How a signal of EdgeZero stands to its ceiling, where it has been above it in this stage. */
export interface AboveCeiling {
  /** `earlier`: of late it is not above any more. */
  readonly when: "now" | "earlier";
  readonly isOnBothPaths: boolean;
  /** Such as `above its ceiling of 2% on both paths`. */
  readonly text: string;
}

/** `null` where the stage as a whole is below the ceiling, or there is no ceiling. Pure. */
export function aboveCeiling(signal: SignalView): AboveCeiling | null {
  const { ceiling } = signal.basis.signal;
  if (ceiling === undefined || !isAbove(signal.canary, ceiling)) return null;
  const recent = recentRate(signal);
  const isOnBothPaths = isAbove(signal.control, ceiling);
  const of = `above its ceiling of ${valueText(signal, ceiling)}`;
  if (recent !== null && recent <= ceiling) {
    return { when: "earlier", isOnBothPaths, text: `${of} earlier` };
  }
  return { when: "now", isOnBothPaths, text: `${of}${isOnBothPaths ? " on both paths" : ""}` };
}

/** `null` where EdgeZero's rate of late is below the ceiling, or is not known. Pure. */
export function aboveCeilingOfLate(signal: SignalView): string | null {
  const { ceiling } = signal.basis.signal;
  return ceiling !== undefined && isAbove(recentRate(signal), ceiling)
    ? `above its ceiling of ${valueText(signal, ceiling)}`
    : null;
}

/** Ceilings of those signals that a path is above, such as `the ceiling of 2%`; without numbers, where none is. Pure. */
export function ceilingText(signals: readonly SignalView[]): string {
  const known = signals.flatMap((signal) => {
    const { ceiling } = signal.basis.signal;
    const isTold =
      ceiling !== undefined &&
      (isAbove(signal.canary, ceiling) ||
        isAbove(signal.control, ceiling) ||
        isAbove(recentRate(signal), ceiling));
    return isTold ? [valueText(signal, ceiling)] : [];
  });
  return known.length === 0 ? "the ceiling" : `the ceiling of ${[...new Set(known)].join(" or ")}`;
}

function isAbove(value: number | null, ceiling: number): boolean {
  return value !== null && value > ceiling;
}
