import { DURATION_UNITS } from "./duration.ts";

/**
 * A span in its two largest units, such as `1 h 20 m`.
 *
 * @param units The names of units with their lengths in milliseconds, the largest first; as plans spell
 *   them, unless given.
 */
export function spanText(
  ms: number,
  units: readonly (readonly [name: string, ms: number])[] = DURATION_UNITS,
): string {
  const first = units.findIndex(([, length]) => ms >= length);
  if (first < 0) return "0 s";
  let left = ms;
  const parts = units.slice(first, first + 2).map(([unit, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count === 0 ? "" : `${count} ${unit}`;
  });
  return parts.filter((part) => part !== "").join(" ");
}

/** A span that is left, rounded up to what is shown: after it, nothing is left. */
export function leftText(ms: number): string {
  const largest = DURATION_UNITS.findIndex(([, length]) => ms >= length);
  const shown =
    DURATION_UNITS[
      largest < 0 ? DURATION_UNITS.length - 1 : Math.min(largest + 1, DURATION_UNITS.length - 1)
    ];
  const length = shown?.[1] ?? 1000;
  return spanText(Math.ceil(ms / length) * length);
}
