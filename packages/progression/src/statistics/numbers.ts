/** Stands for the log of nothing. Logs stay within ± this, so that JSON can always hold them. */
export const LOG_LIMIT = 1e6;

/** The log, kept within ± `LOG_LIMIT`. */
export function clampLog(log: number): number {
  return Math.min(LOG_LIMIT, Math.max(-LOG_LIMIT, log));
}

/** The log of a number of at least 0, where 0 has the log of nothing. */
export function logOf(value: number): number {
  return value > 0 ? Math.log(value) : -LOG_LIMIT;
}

/** A smaller summand adds nothing that a double could hold. */
const LOG_NEGLIGIBLE = 40;

/** `ln(exp(a) + exp(b))`. Source: VERDICTS, "Numbers". */
export function logAdd(a: number, b: number): number {
  const gap = Math.abs(a - b);
  const larger = Math.max(a, b);
  return gap > LOG_NEGLIGIBLE ? larger : larger + Math.log1p(Math.exp(-gap));
}

/** What is this much smaller is 0 as a double. */
const NOTHING = 750;

/** `ln(Σ exp(log))`, the largest taken out and then summed in order. At least one log. */
export function logSum(logs: readonly number[]): number {
  let largest = -Infinity;
  for (const log of logs) if (log > largest) largest = log;
  let sum = 0;
  // The log of nothing adds nothing, and its exponential takes as long as any.
  for (const log of logs) if (log - largest > -NOTHING) sum += Math.exp(log - largest);
  return largest + Math.log(sum);
}

/** The quotient, or `null` where it is no number that JSON can hold, such as for a divisor of 0. */
export function quotient(dividend: number, divisor: number): number | null {
  const value = dividend / divisor;
  return Number.isFinite(value) ? value : null;
}
