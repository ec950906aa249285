const MOST_MAX_AGE_MS = 600_000;
const DEFAULT_MAX_AGE_MS = 5000;

/**
 * How long an isolate goes by what it last read, in milliseconds: the var `CONFIG_MAX_AGE_MS`,
 * brought within 0 to 600000. At 0 every request reads KV. A var that is not a number counts as 5000.
 */
export function readMaxAge(text: string | undefined): number {
  const ms = Number(text ?? Number.NaN);
  if (Number.isNaN(ms) || text?.trim() === "") return DEFAULT_MAX_AGE_MS;
  return Math.min(Math.max(ms, 0), MOST_MAX_AGE_MS);
}
