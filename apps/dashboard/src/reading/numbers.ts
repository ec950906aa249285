const COUNT = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const SHORT = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const THREE = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const TWO = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });

/** A whole number such as `1,460`. */
export function countText(value: number): string {
  return COUNT.format(value);
}

/** A count in little room: `1.5K` from 10,000 on, exact below. */
export function shortCount(value: number): string {
  return value < 10_000 ? COUNT.format(value) : SHORT.format(value);
}

/** A part of 0 to 1 in per cent, to three digits. */
export function percentText(part: number): string {
  return `${THREE.format(100 * part)}%`;
}

/** A part of 0 to 1 in whole per cent, rounded down: 100% only where it is complete. */
export function wholePercent(part: number): string {
  return `${Math.floor(100 * part)}%`;
}

/** A number to two digits. */
export function twoDigits(value: number): string {
  return TWO.format(value);
}

/** A number to three digits. */
export function threeDigits(value: number): string {
  return THREE.format(value);
}
