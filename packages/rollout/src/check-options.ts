const MOST_MS = 2147483647;

/**
 * Refuses an option that is not a function.
 *
 * @param kind What `typeof` says of the value.
 * @throws TypeError that names the option, the kind of its value and what is allowed.
 */
export function checkFunction(option: string, kind: string): void {
  if (kind !== "function") throw new TypeError(`${option} is ${kind}, not a function`);
}

/**
 * Refuses a time that no timer keeps. An absent one is allowed.
 *
 * @throws RangeError that names the option and its value.
 */
export function checkMs(option: string, ms = 0): void {
  if (ms >= 0 && ms <= MOST_MS) return;
  throw new RangeError(`${option} is ${ms}, not 0 to ${MOST_MS} ms`);
}
