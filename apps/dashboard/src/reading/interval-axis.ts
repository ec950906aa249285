import type { SignalView } from "@edgezero/control-api/signal-view";

/** Where things are on the axis of one signal, each from 0 at the left to 1 at the right. */
export interface IntervalAxis {
  /** Legacy's own value: no difference. `null` where there is no legacy to compare with. */
  readonly legacy: number | null;
  /** The end of the margin on each side that is guarded. */
  readonly marginUp: number | null;
  readonly marginDown: number | null;
  readonly estimate: number | null;
  /** Over the last windows. */
  readonly recent: number | null;
  /** `from` and `to` are cut at the ends of the axis, where `isOpen…` says so. */
  readonly interval: {
    readonly from: number;
    readonly to: number;
    readonly isOpenDown: boolean;
    readonly isOpenUp: boolean;
  } | null;
}

/** The margin is this many times on each side of the axis, so that a wide interval hides nothing. */
const MOST_MARGINS = 5;
const LEAST_MARGINS = 1.6;

/**
 * Lays out the interval of a signal against its margin. The axis grows with the interval up to five
 * margins; what is beyond is cut, and marked as such. `null` where the signal has no line to compare
 * with. Pure.
 */
export function intervalAxis(signal: SignalView): IntervalAxis | null {
  const { margin, estimate, recent, lower, upper, basis } = signal;
  const neutral = neutralOf(signal);
  const line = margin.up ?? margin.down;
  if (line === null) return null;
  const reach = Math.max(Math.abs(line - neutral), Number.EPSILON);
  const far = [estimate, lower, upper, recent]
    .flatMap((value) => (value === null ? [] : [Math.abs(value - neutral) / reach]))
    .reduce((most, each) => Math.max(most, each), 0);
  const margins = Math.min(MOST_MARGINS, Math.max(LEAST_MARGINS, 1.15 * far));
  const isAlone = basis.evidence.alone;
  const low = isAlone ? 0 : neutral - margins * reach * (margin.down === null ? 0.6 : 1);
  const high = neutral + margins * reach;
  const place = (value: number | null): number | null =>
    value === null ? null : Math.min(1, Math.max(0, (value - low) / (high - low)));
  return {
    legacy: isAlone ? null : place(neutral),
    marginUp: place(margin.up),
    marginDown: place(margin.down),
    estimate: place(estimate),
    recent: place(recent),
    interval:
      estimate === null
        ? null
        : {
            from: place(lower ?? low) ?? 0,
            to: place(upper ?? high) ?? 1,
            isOpenDown: lower === null || lower < low,
            isOpenUp: upper === null || upper > high,
          },
  };
}

/** The value on the estimate's scale that means "as legacy"; 0 where only a ceiling counts. */
function neutralOf({ basis: { signal, evidence } }: SignalView): number {
  if (evidence.alone) return 0;
  return signal.kind === "rate" && "abs" in signal.margin ? 0 : 1;
}
