/** The middle value of a sample, which must not be empty. */
export function median(sample: readonly number[]): number {
  const sorted = sample.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/**
 * The median of the ratios `numerators[i] / denominators[i]`. Paired by round, so that a machine
 * whose speed drifts does not distort it.
 */
export function medianRatio(
  numerators: readonly number[],
  denominators: readonly number[],
): number {
  return median(numerators.map((value, i) => value / (denominators[i] ?? Number.NaN)));
}
