import type { ConfigStore } from "./config-store.ts";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "./config-store.ts";
import { parseEdgezeroFlag, parseRolloutPct } from "./config-values.ts";
import { quote, warnOfFault } from "./fault-log.ts";
import { fnv1a32 } from "./fnv1a.ts";
import type { Logger } from "./logger.ts";
import { debug } from "./logger.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { KeyReading } from "./read-key.ts";
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

// What was last understood without a word to the log: a state follows from the two values alone, of
// whatever store, and they seldom change. A fault is never remembered, so each one is logged.
let knownFlag: KeyReading;
let knownPct: KeyReading | false;
let knownState: RolloutState;

/**
 * {@link readRollout}, at once where the store answers at once.
 *
 * @param flag What was read of `edgezero_enabled`, where it had to be waited for.
 * @param pct What was read of `edgezero_rollout_pct`, likewise; `false` where the switch is not on.
 */
export function readState(
  store: ConfigStore,
  options: ReadRolloutOptions,
  flag: MaybePromise<KeyReading> = readKey(store, EDGEZERO_ENABLED_KEY, options.readTimeoutMs),
  // A promise, like an error, is not on: the parser takes any value.
  pct: MaybePromise<KeyReading> | false = parseEdgezeroFlag(flag as string) &&
    readKey(store, EDGEZERO_ROLLOUT_PCT_KEY, options.readTimeoutMs),
): MaybePromise<RolloutState> {
  if (flag === knownFlag && pct === knownPct) return knownState;
  if (flag instanceof Promise) return flag.then((read) => readState(store, options, read));
  if (pct instanceof Promise) return pct.then((read) => readState(store, options, flag, read));
  const rolloutPct = parseRolloutPct(pct as string);
  const reason = reasonFor(flag, options.logger, rolloutPct, pct);
  // Frozen, since many requests share it.
  const state = Object.freeze({
    enabled: pct !== false,
    rolloutPct: rolloutPct ?? 0,
    reason,
    epoch: fnv1a32(
      `${isValue(flag) ? flag : undefined}\n${isValue(pct) ? pct : undefined}`,
    ).toString(16),
  });
  // Of what the log hears of, and of nothing else, the reason has a hyphen.
  if (!reason.includes("-")) {
    knownFlag = flag;
    knownPct = pct;
    knownState = state;
  }
  return state;
}

function reasonFor(
  flag: KeyReading,
  logger: Logger | undefined,
  rolloutPct: number | null,
  pct: KeyReading | false,
): RolloutReason {
  if (isValue(flag)) return pctReason(pct, logger, rolloutPct);
  const error = quote(flag.error);
  // By name, since a store may bring its own copy of this package.
  return error.startsWith('"ConfigStoreUnavailableError')
    ? warnOfFault(logger, "store-unavailable", "config store cannot be opened", error)
    : warnOfFault(logger, "flag-unreadable", `${EDGEZERO_ENABLED_KEY} cannot be read`, error);
}

function pctReason(
  pct: KeyReading | false,
  logger: Logger | undefined,
  rolloutPct: number | null,
): RolloutReason {
  if (pct === false) return "disabled";
  if (rolloutPct === 0) return "rollback";
  if (rolloutPct) return rolloutPct === 100 ? "cutover" : "bucket";
  if (pct === null) {
    debug(
      logger,
      () => `${EDGEZERO_ROLLOUT_PCT_KEY} key absent, defaulting to 0 (legacy path — fail safe)`,
    );
    return "pct-absent";
  }
  return isValue(pct)
    ? warnOfFault(
        logger,
        "pct-invalid",
        `${EDGEZERO_ROLLOUT_PCT_KEY} is not a whole number from 0 to 100`,
        quote(pct),
      )
    : warnOfFault(
        logger,
        "pct-unreadable",
        `${EDGEZERO_ROLLOUT_PCT_KEY} cannot be read`,
        quote(pct.error),
      );
}
