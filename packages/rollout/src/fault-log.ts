import type { Logger } from "./logger.ts";
import { log } from "./logger.ts";
import type { RolloutReason } from "./rollout-state.ts";
import { web } from "./web.ts";

const INTERVAL_MS = 60_000;

/** When a fault was last warned of, and how often it has come up since. */
type Faults = Partial<Record<RolloutReason, { warnedAt: number; since: number }>>;

// Held per logger, so that every way to read a rollout is limited without being set up for it.
const faultsOf = new WeakMap<Logger, Faults>();

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
  const faults = faultsOf.get(logger) ?? {};
  faultsOf.set(logger, faults);
  const known = (faults[reason] ??= { warnedAt: -INTERVAL_MS, since: 0 });
  const now = web.performance.now();
  if (now - known.warnedAt < INTERVAL_MS) {
    known.since++;
    return;
  }
  const heldBack = known.since;
  faults[reason] = { warnedAt: now, since: 0 };
  log(logger, "warn", `${fault}: ${quote(detail)}`, { reason, heldBack });
}

/** The text of anything, safe to write to a log: quoted, printable ASCII only, of at most 120 characters. */
function quote(detail: unknown): string {
  let text = "unknown";
  try {
    text = String(detail);
  } catch {
    // That there is a fault matters more than what was thrown.
  }
  return JSON.stringify(text.slice(0, 120)).replace(/[^ -~]/gu, encodeURIComponent);
}
