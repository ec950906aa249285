import type { Evidence } from "./evidence.ts";
import { above, bucketFrom, bucketUpTo, quantileBucket, total } from "./histogram.ts";
import type { Direction, QuantileSignal, Signal } from "./signal.ts";
import { guardedDirections, line, quantileOf, twiceLine } from "./signal.ts";
import { FIRST } from "./stage.ts";
import type { Fault } from "./waiting.ts";
import { trialsToVerdict } from "./waiting.ts";

/**
 * By how many trials of EdgeZero in this stage twice the margin would have been seen with 90 %.
 * Source: VERDICTS, "readSignal", `needed`.
 *
 * @returns `null` without a control or trials, and where twice the margin is never seen.
 */
export function neededTrials(signal: Signal, evidence: Evidence, effect: number): number | null {
  const { alone, sums } = evidence;
  const { canaryTrials, controlTrials } = sums;
  if (alone || !(canaryTrials > 0 && controlTrials > 0)) return null;
  const share = canaryTrials / (canaryTrials + controlTrials);
  let most = 0;
  for (const direction of guardedDirections(signal)) {
    const fault = twiceTheMargin(signal, evidence, direction);
    if (!(fault.rate >= 0 && fault.rate <= 1)) return null;
    if (!((direction === "up" ? fault.rate : fault.base) > 0)) return null;
    const when = { share, purse: FIRST, effect, chance: 0.9 } as const;
    const trials = trialsToVerdict(signal, fault, when);
    if (trials === null) return null;
    most = Math.max(most, Math.ceil(trials));
  }
  return Number.isFinite(most) ? most : null;
}

function twiceTheMargin(
  signal: Signal,
  { sums, histogram }: Evidence,
  direction: Direction,
): Fault {
  const twice = twiceLine(signal.margin, direction);
  if (signal.kind === "quantile") return twiceAsSlow(signal, histogram?.control ?? [], twice);
  const base = sums.controlHits / sums.controlTrials;
  const rate = "abs" in signal.margin ? base + twice : base * twice;
  return { rate, far: rate, base, direction };
}

/** Legacy's own latencies, each `twice` as long. */
function twiceAsSlow(signal: QuantileSignal, buckets: readonly number[], twice: number): Fault {
  const { bounds, margin } = signal;
  const last = bounds.length - 1;
  const index = Math.min(last, quantileBucket(buckets, quantileOf(signal)));
  const bound = bounds[index] ?? 0;
  const found = bucketFrom(bounds, line(margin, "up") * bound);
  const limit = bounds[found === -1 ? last : found] ?? 0;
  const n = total(buckets);
  const slowerThan = (latency: number): number => above(buckets, bucketUpTo(bounds, latency)) / n;
  return {
    base: above(buckets, index) / n,
    rate: slowerThan(bound / twice),
    far: slowerThan(limit / twice),
    direction: "up",
  };
}
