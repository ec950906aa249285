/** Legacy's hits against those that were foreseen from the windows before. */
export interface Spread {
  /** Fading, as `trials`. */
  readonly hits: number;
  readonly trials: number;
  /** Sum of squared residuals. */
  readonly squares: number;
  /** Sum of the variances that independent hits would have. */
  readonly expected: number;
  /** How many windows could be foreseen. */
  readonly windows: number;
}

/** EdgeZero's part of all hits against its part in the windows before. */
export interface Contrast {
  /** Fading, as `hits`. */
  readonly canaryHits: number;
  readonly hits: number;
  readonly squares: number;
  readonly expected: number;
}

type Remembered = Pick<Spread, "squares" | "expected">;

/** What of a fading sum stays from window to window. Source: VERDICTS, "Constants", SMOOTHING. */
export const SMOOTHING = 0.8;
/** What of the squares stays once there are enough: FORGETTING and KEPT. */
const FORGETTING = 0.98;
const KEPT = 1000;
/** The noise that the fading rate itself has: (1 − SMOOTHING) ÷ (1 + SMOOTHING). */
const FADING_NOISE = 0.2 / 1.8;
const PRIOR = { designEffect: 5, weight: 10 };
const SAFETY = 1.25;
const HIGHEST = 100;
/** The cautious start, and what of legacy must be known before it ends. */
export const UNLEARNED: Readonly<Record<"designEffect" | "windows" | "expected", number>> = {
  designEffect: 10,
  windows: 20,
  expected: 30,
};
const CONTRAST_WEIGHT = 300;

/**
 * How many hits count as one event: 1 for independent ones, up to 100. All evidence is divided by it.
 * Source: VERDICTS, "addWindow", 4.
 */
export function designEffect(spread: Spread, contrast: Contrast): number {
  const raw =
    (PRIOR.weight * PRIOR.designEffect + spread.squares) / (PRIOR.weight + spread.expected);
  const learned = Math.min(HIGHEST, Math.max(1, 1 + SAFETY * (raw - 1)));
  const legacys = isLearned(spread) ? learned : Math.max(learned, UNLEARNED.designEffect);
  if (contrast.expected <= 0) return legacys;
  // What moves both paths alike is no cluster, and shows in the first alone.
  const compared =
    (CONTRAST_WEIGHT * legacys + SAFETY * contrast.squares) / (CONTRAST_WEIGHT + contrast.expected);
  return Math.max(1, Math.min(legacys, compared));
}

/** Whether legacy was seen for long enough to tell how clustered its hits are. */
export function isLearned({ windows, expected }: Spread): boolean {
  return windows >= UNLEARNED.windows && expected >= UNLEARNED.expected;
}

/** A fading sum after one more window. */
export function fade(sum: number, added: number): number {
  return SMOOTHING * sum + added;
}

/** Learns from legacy's `hits` where so many were `foreseen`. Source: VERDICTS, "addWindow", 8. */
export function learnSpread(spread: Spread, hits: number, foreseen: number): Spread {
  if (!(foreseen > 0)) return spread;
  const windows = spread.windows + 1;
  return { ...spread, ...remember(spread, hits - foreseen, foreseen), windows };
}

/** Learns from the hits of both paths in one window. Source: VERDICTS, "addWindow", 7. */
export function learnContrast(
  contrast: Contrast,
  canaryHits: number,
  controlHits: number,
): Contrast {
  const hits = canaryHits + controlHits;
  const part = contrast.hits > 0 ? contrast.canaryHits / contrast.hits : 0;
  return {
    canaryHits: fade(contrast.canaryHits, canaryHits),
    hits: fade(contrast.hits, hits),
    ...remember(contrast, canaryHits - hits * part, hits * part * (1 - part)),
  };
}

/** Source: VERDICTS, "addWindow", *Remember*. */
function remember(
  { squares, expected }: Remembered,
  residual: number,
  variance: number,
): Remembered {
  if (!(variance > 0)) return { squares, expected };
  const allSquares = squares + residual ** 2 / (1 + FADING_NOISE);
  const allExpected = expected + variance;
  const kept = Math.min(1, Math.max(FORGETTING, KEPT / allExpected));
  return { squares: kept * allSquares, expected: kept * allExpected };
}
