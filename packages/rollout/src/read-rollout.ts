import type { ConfigStore } from "./config-store.ts";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "./config-store.ts";
import { parseEdgezeroFlag, parseRolloutPct } from "./config-values.ts";
import { quote, warnOfFault } from "./fault-log.ts";
import { fnv1a32 } from "./fnv1a.ts";
import type { Logger } from "./logger.ts";
import { debug } from "./logger.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import { andThen } from "./maybe-promise.ts";
import { isValue, readKey } from "./read-key.ts";
import type { RolloutReason, RolloutState } from "./rollout-state.ts";

/** Settings of {@link readRollout}. */
export interface ReadRolloutOptions {
  /** Gets decisions and absent keys at debug, and each fault at warn, at most once a minute. */
  readonly logger?: Logger | undefined;
  /**
   * How long one key may take to read, in milliseconds, 0 to 2147483647; 250 unless given. A key
   * that takes longer is unreadable. A store that answers without a promise cannot be timed out.
   */
  readonly readTimeoutMs?: number | undefined;
}

/**
 * Reads both keys and says what they mean. Everything that is not an explicit, valid instruction
 * gives a state that routes to legacy, with the reason.
 *
 * Resolves always and never rejects, whatever the store does, within twice `readTimeoutMs`. The
 * percentage is not read unless the switch is on.
 */
export async function readRollout(
  store: ConfigStore,
  options: ReadRolloutOptions = {},
): Promise<RolloutState> {
  return readState(store, options);
}

/** {@link readRollout}, at once where the store answers at once. */
export function readState(
  store: ConfigStore,
  { logger, readTimeoutMs = 250 }: ReadRolloutOptions,
): MaybePromise<RolloutState> {
  return andThen(readKey(store, EDGEZERO_ENABLED_KEY, readTimeoutMs), (flag) => {
    if (!isValue(flag)) return toState(false, flagUnreadable(logger, quote(flag.error)));
    if (!parseEdgezeroFlag(flag)) return toState(false, "disabled", flag);
    return andThen(readKey(store, EDGEZERO_ROLLOUT_PCT_KEY, readTimeoutMs), (pct) => {
      if (!isValue(pct)) return toState(true, pctUnreadable(logger, quote(pct.error)), flag);
      const rolloutPct = parseRolloutPct(pct);
      return toState(true, reasonFor(logger, pct, rolloutPct), flag, pct, rolloutPct);
    });
  });
}

function flagUnreadable(logger: Logger | undefined, error: string): RolloutReason {
  // By name, since a store may bring its own copy of this package.
  return error.startsWith('"ConfigStoreUnavailableError')
    ? warnOfFault(logger, "store-unavailable", "config store cannot be opened", error)
    : warnOfFault(logger, "flag-unreadable", `${EDGEZERO_ENABLED_KEY} cannot be read`, error);
}

function pctUnreadable(logger: Logger | undefined, error: string): RolloutReason {
  return warnOfFault(logger, "pct-unreadable", `${EDGEZERO_ROLLOUT_PCT_KEY} cannot be read`, error);
}

function reasonFor(
  logger: Logger | undefined,
  pct: string | null,
  rolloutPct: number | null,
): RolloutReason {
  if (rolloutPct === 0) return "rollback";
  if (rolloutPct) return rolloutPct === 100 ? "cutover" : "bucket";
  if (pct !== null) {
    return warnOfFault(
      logger,
      "pct-invalid",
      `${EDGEZERO_ROLLOUT_PCT_KEY} is not a whole number from 0 to 100`,
      quote(pct),
    );
  }
  debug(
    logger,
    () => `${EDGEZERO_ROLLOUT_PCT_KEY} key absent, defaulting to 0 (legacy path — fail safe)`,
  );
  return "pct-absent";
}

function toState(
  enabled: boolean,
  reason: RolloutReason,
  flag?: string | null,
  pct?: string | null,
  rolloutPct?: number | null,
): RolloutState {
  const epoch = fnv1a32(`${flag}\n${pct}`).toString(16);
  return { enabled, rolloutPct: rolloutPct ?? 0, reason, epoch };
}
