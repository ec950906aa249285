/** What a fair split gives in all but 1 of 100 cases, with 99 degrees of freedom: 100 buckets. */
export const LARGEST_USUAL = 134.6;

/**
 * Pearson's chi-square of buckets against an even spread. About 99 where 100 buckets are filled at
 * random; far more where they are uneven, far less where they are more even than chance.
 */
export function chiSquare(buckets: readonly number[]): number {
  const total = buckets.reduce((sum, count) => sum + count, 0);
  const expected = total / buckets.length;
  return buckets.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}
