/** The levels that a gateway's log can be set to, lowest first; `silent` writes nothing. */
export const LOG_THRESHOLDS = ["debug", "info", "warn", "error", "silent"] as const;

/** The lowest level that is written. */
export type LogThreshold = (typeof LOG_THRESHOLDS)[number];

/** Reads a level, in any ASCII case; `info` for one that is not known, or none. */
export function parseLogThreshold(text: string | null | undefined): LogThreshold {
  const asked = text?.toLowerCase();
  return LOG_THRESHOLDS.find((threshold) => threshold === asked) ?? "info";
}
