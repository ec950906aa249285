import type { Logger } from "./logger.ts";
import { attempt } from "./logger.ts";
import type { RolloutReason } from "./rollout-state.ts";
import { web } from "./web.ts";

/** What a log line says where a fault sends the requests. */
export const FAIL_SAFE = " (legacy path — fail safe)";

const INTERVAL_MS = 60_000;
const LONGEST_DETAIL = 120;

type LastWarnings = Partial<Record<RolloutReason, { readonly at: number; heldBack: number }>>;

// Held per logger, so that every way to read a rollout is limited without being set up for it.
const lastWarningsOf = new WeakMap<Logger, LastWarnings>();

/**
 * Warns about a fault in the configuration, at most once a minute for each reason and logger. How
 * many warnings were held back is said with the next one.
 *
 * @param detail The error, or the value at fault. It comes from outside and may be anything.
 */
export function warnOfFault(
  logger: Logger | undefined,
  reason: RolloutReason,
  fault: string,
  detail: unknown,
): void {
  if (!logger) return;
  const warnings = lastWarningsOf.get(logger) ?? {};
  lastWarningsOf.set(logger, warnings);
  const last = warnings[reason];
  const now = web.performance.now();
  if (last && now - last.at < INTERVAL_MS) {
    last.heldBack++;
    return;
  }
  warnings[reason] = { at: now, heldBack: 0 };
  const heldBack = last?.heldBack ?? 0;
  // Even the text of what was thrown may throw, so it is taken where nothing can break the request.
  void attempt(() =>
    logger.warn(`${fault}: ${quote(String(detail))}${FAIL_SAFE}`, { reason, heldBack }),
  );
}

/** A text from outside, safe to write to a log: quoted, printable ASCII only, and not too long. */
function quote(text: string): string {
  return JSON.stringify(text.slice(0, LONGEST_DETAIL)).replace(/[^ -~]/gu, encodeURIComponent);
}
