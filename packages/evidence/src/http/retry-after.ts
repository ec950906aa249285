/** A day. A longer wait is not believed. */
const LONGEST_MS = 86_400_000;

/**
 * How long to wait by the header `Retry-After`, in milliseconds: a number of seconds, or a date.
 * https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 *
 * @returns `null` where the header is absent or not in order.
 */
export function retryAfterMs(header: string, now: number): number | null {
  const text = header.trim();
  const waitMs = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(waitMs) ? null : Math.min(LONGEST_MS, Math.max(0, waitMs));
}
