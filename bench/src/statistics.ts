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

/**
 * The slope of the straight line that fits points best (least squares). Of the logarithms of both
 * coordinates it is the exponent by which the one grows with the other: 0 where it does not, 1 where
 * it grows in proportion.
 */
export function slope(points: readonly (readonly [number, number])[]): number {
  const count = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / count;
  const above = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return above / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
}

/** {@link slope} of the logarithms. */
export function growthExponent(points: readonly (readonly [number, number])[]): number {
  return slope(points.map(([x, y]) => [Math.log(x), Math.log(y)]));
}
