/** A number to so many digits, or whole where it has more: `0.42`, `1,460`. */
export function rounded(value: number, digits: 2 | 3 = 2): string {
  const isLarge = Math.abs(value) >= 100;
  return withCommas(isLarge ? Math.round(value) : Number(value.toPrecision(digits)));
}

/** A whole number such as `1,460`; others keep their fraction. */
export function withCommas(value: number): string {
  const [whole = "", fraction] = String(value).split(".");
  const grouped = whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** A rate of 0 to 1 in per cent. */
export function percent(rate: number): string {
  return `${rounded(100 * rate, 3)}%`;
}

/** A difference of rates in percentage points, without its sign. */
export function points(difference: number): string {
  const shown = rounded(Math.abs(100 * difference));
  return shown === "1" ? "1 point" : `${shown} points`;
}

/** Minutes in the unit that reads best: `15 s`, `30 min`, `2 h`, `3 days`. */
export function duration(minutes: number): string {
  if (minutes < 1) return `${Math.round(60 * minutes)} s`;
  if (minutes < 120) return `${rounded(minutes)} min`;
  if (minutes < 2880) return `${rounded(minutes / 60)} h`;
  return `${rounded(minutes / 1440)} days`;
}
