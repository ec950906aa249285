import type { Logger } from "./logger.ts";
import { attempt } from "./logger.ts";
import type { RolloutReason } from "./rollout-state.ts";
import { web } from "./web.ts";

const INTERVAL_MS = 60_000;

/** `at`: when a fault was last warned of. `heldBack`: how often it has come up since. */
type Faults = Partial<Record<RolloutReason, { at: number; heldBack: number }>>;

// Held per logger, so that every way to read a rollout is limited without being set up for it.
const faultsOf = new WeakMap<Logger, Faults>();

/**
 * Warns about a fault in the configuration, at most once a minute for each reason and logger. How
 * many warnings were held back is said with the next one.
 *
 * @param detail The error, or the value at fault, as {@link quote} gives it.
 * @returns The reason.
 */
export function warnOfFault(
  logger: Logger | undefined,
  reason: RolloutReason,
  fault: string,
  detail: string,
): RolloutReason {
  if (logger) {
    const faults = faultsOf.get(logger) ?? {};
    faultsOf.set(logger, faults);
    const known = (faults[reason] ??= { at: -INTERVAL_MS, heldBack: 0 });
    const now = web.performance.now();
    if (now - known.at < INTERVAL_MS) {
      known.heldBack++;
    } else {
      known.at = now;
      void attempt(() => logger.warn(`${fault}: ${detail}`, { reason, heldBack: known.heldBack }));
      known.heldBack = 0;
    }
  }
  return reason;
}

/** The text of anything, safe to write to a log: quoted, printable ASCII only, of at most 120 characters. */
export function quote(detail: unknown): string {
  try {
    return JSON.stringify(String(detail).slice(0, 120)).replace(/[^ -~]/gu, encodeURIComponent);
  } catch {
    // That there is a fault matters more than what was thrown.
    return "unknown";
  }
}
