const DEFAULT_MS = 30_000;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Reads how long an origin may take, in milliseconds; 30000 for text that is not 1 to 2147483647. */
export function parseTimeoutMs(text: string | null | undefined): number {
  const ms = Number(text ?? 0);
  return ms >= 1 && ms <= LONGEST_TIMER_MS ? ms : DEFAULT_MS;
}
