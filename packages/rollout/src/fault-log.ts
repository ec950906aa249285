import type { Logger } from "./logger.ts";
import { attempt, debug } from "./logger.ts";
import type { KeyReading } from "./read-key.ts";
import { isValue } from "./read-key.ts";
import type { RolloutReason } from "./reasons.ts";
import { REASONS } from "./reasons.ts";
import { web } from "./web.ts";

const INTERVAL_MS = 60_000;

/** `at`: when the last warning was written. `heldBack`: how many were not, since then. */
type Faults = Partial<Record<RolloutReason, { at: number; heldBack: number }>>;

// Held per logger, so that every way to read a rollout is limited without being set up for it.
const faultsOf = new WeakMap<Logger, Faults>();

/**
 * Writes the log line of a fault, at the level of its reason: a debug line each time, a warning at
 * most once a minute for each reason and logger. A warning carries the reading at fault, and how
 * many warnings were held back before it.
 */
export function logFault(
  logger: Logger | undefined,
  reason: RolloutReason,
  reading: KeyReading,
): void {
  const { level, meaning } = REASONS[reason];
  if (level === "debug") {
    debug(logger, () => meaning);
  } else if (logger) {
    const faults = faultsOf.get(logger) ?? {};
    faultsOf.set(logger, faults);
    const known = faults[reason];
    const now = web.performance.now();
    if (known && now - known.at < INTERVAL_MS) {
      known.heldBack++;
      return;
    }
    faults[reason] = { at: now, heldBack: 0 };
    const fields = { reason, heldBack: known?.heldBack ?? 0 };
    const detail = quote(isValue(reading) ? reading : reading.error);
    void attempt(() => logger.warn(`${meaning}: ${detail}`, fields));
  }
}

/**
 * The text of anything, safe to write to a log: quoted, printable ASCII only, of at most 120
 * characters.
 */
export function quote(detail: unknown): string {
  try {
    return JSON.stringify(String(detail).slice(0, 120)).replace(/[^ -~]/gu, encodeURIComponent);
  } catch {
    // The fault matters more than its detail.
    return "unknown";
  }
}
