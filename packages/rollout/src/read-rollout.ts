import type { ConfigStore } from "./config-store.ts";
import {
  ConfigStoreUnavailableError,
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
} from "./config-store.ts";
import { parseEdgezeroFlag, parseRolloutPct } from "./config-values.ts";
import { FAIL_SAFE, warnOfFault } from "./fault-log.ts";
import type { Logger } from "./logger.ts";
import { log } from "./logger.ts";
import type { KeyReading } from "./read-key.ts";
import { readKey } from "./read-key.ts";
import type { RolloutReason, RolloutState } from "./rollout-state.ts";

/** Settings of {@link readRollout}. */
export interface ReadRolloutOptions {
  /** Gets a warning about each fault, at most once a minute, and a debug line for an absent key. */
  readonly logger?: Logger | undefined;
  /**
   * How long one key may take to read, in milliseconds, 1 to 2147483647. A key that takes longer is
   * unreadable. 250 unless given. A store that answers without a promise cannot be timed out.
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
  { logger, readTimeoutMs = 250 }: ReadRolloutOptions = {},
): Promise<RolloutState> {
  const flag = await readKey(store, EDGEZERO_ENABLED_KEY, readTimeoutMs);
  if ("error" in flag) return flagUnreadable(flag.error, logger);
  if (!parseEdgezeroFlag(flag.value)) return toState(false, "disabled");
  return enabledState(await readKey(store, EDGEZERO_ROLLOUT_PCT_KEY, readTimeoutMs), logger);
}

function flagUnreadable(error: unknown, logger: Logger | undefined): RolloutState {
  if (error instanceof ConfigStoreUnavailableError) {
    warnOfFault(logger, "store-unavailable", "config store cannot be opened", error);
    return toState(false, "store-unavailable");
  }
  warnOfFault(logger, "flag-unreadable", `${EDGEZERO_ENABLED_KEY} cannot be read`, error);
  return toState(false, "flag-unreadable");
}

function enabledState(pct: KeyReading, logger: Logger | undefined): RolloutState {
  const key = EDGEZERO_ROLLOUT_PCT_KEY;
  if ("error" in pct) {
    warnOfFault(logger, "pct-unreadable", `${key} cannot be read`, pct.error);
    return toState(true, "pct-unreadable");
  }
  if (pct.value === null) {
    log(logger, "debug", `${key} key absent, defaulting to 0${FAIL_SAFE}`);
    return toState(true, "pct-absent");
  }
  const rolloutPct = parseRolloutPct(pct.value);
  if (rolloutPct === null) {
    warnOfFault(logger, "pct-invalid", `${key} is not a whole number from 0 to 100`, pct.value);
    return toState(true, "pct-invalid");
  }
  if (rolloutPct === 0) return toState(true, "rollback");
  return toState(true, rolloutPct === 100 ? "cutover" : "bucket", rolloutPct);
}

function toState(enabled: boolean, reason: RolloutReason, rolloutPct = 0): RolloutState {
  return { enabled, rolloutPct, reason };
}
