const LEAST_MAX_AGE_MS = 1000;
const MOST_MAX_AGE_MS = 600_000;
const DEFAULT_MAX_AGE_MS = 5000;

/**
 * How long an isolate goes by what it last read, in milliseconds: the var `CONFIG_MAX_AGE_MS`,
 * brought within 1000 to 600000. A var that is not a number counts as 5000.
 */
export function readMaxAge(text: string | undefined): number {
  const ms = Number(text ?? Number.NaN);
  if (Number.isNaN(ms) || text?.trim() === "") return DEFAULT_MAX_AGE_MS;
  return Math.min(Math.max(ms, LEAST_MAX_AGE_MS), MOST_MAX_AGE_MS);
}

/** How long an origin may take, in milliseconds: the var `UPSTREAM_TIMEOUT_MS`, else 30000. */
export function readTimeout(text: string | undefined): number {
  const ms = Number(text);
  return ms >= 1 && ms < 2 ** 31 ? ms : 30_000;
}
