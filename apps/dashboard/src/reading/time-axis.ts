const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The least room for a label of the time axis, in pixels: `14:03:22` with some air. */
export const LABEL_SPACE = 60;

/**
 * The steps of the time axis, in seconds. None is more than twice the one before it, so that a narrow chart
 * has two labels at least, whatever time it shows.
 */
export const TIME_STEPS: readonly number[] = [
  1,
  2,
  3,
  5,
  10,
  15,
  30,
  ...[1, 2, 3, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 4, 7, 14, 28].map((days) => days * DAY),
];
