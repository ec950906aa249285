/**
 * Splits a rollout's chance of a false rollback among the signals that can roll back: `total` × weight ÷
 * sum of weights. The parts add up to `total`, and so does the chance that any of the signals is wrong.
 *
 * @param total Between 0 and 1, such as 0.01.
 * @param weights One for each signal, above 0. A signal with more weight sees its faults sooner.
 */
export function splitAlpha(total: number, weights: readonly number[]): number[] {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return weights.map((weight) => (total * weight) / sum);
}
