/** The units of a duration, the largest first, with their lengths in milliseconds. */
export const DURATION_UNITS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
] as const;

/**
 * Reads a duration such as `90s`, `30m`, `2h` or `1d`: a whole number of up to 6 digits and a unit.
 *
 * @returns Milliseconds, or `null` where the text is no such duration.
 */
export function durationMs(text: string): number | null {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const length = DURATION_UNITS.find(([name]) => name === unit)?.[1];
  return length === undefined ? null : Number(count) * length;
}

/** A duration as a plan spells it, in the largest unit that needs no fraction: `90s`, `30m`, `2h`, `1d`. */
export function durationText(ms: number): string {
  const [unit, length] = DURATION_UNITS.find(([, each]) => ms > 0 && ms % each === 0) ?? [
    "s",
    1000,
  ];
  return `${ms / length}${unit}`;
}
