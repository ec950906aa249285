import type { ConfigStore } from "./config-store.ts";
import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "./config-store.ts";
import { parseEdgezeroFlag } from "./config-values.ts";
import { logFault } from "./fault-log.ts";
import type { Logger } from "./logger.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { KeyReading } from "./read-key.ts";
import { readKey } from "./read-key.ts";
import { REASONS } from "./reasons.ts";
import type { RolloutState } from "./rollout-state.ts";
import { stateOf } from "./state-of.ts";

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
 * Always resolves, whatever the store does, within twice `readTimeoutMs`. The percentage is not
 * read unless the switch is on. Nothing is remembered from one call to the next: for a decision on
 * every request, use `createRollout`.
 */
export async function readRollout(
  store: ConfigStore,
  options: ReadRolloutOptions = {},
): Promise<RolloutState> {
  return createReader(store, options)();
}

/**
 * Makes a function that reads both keys: at once where the store answers at once, and never
 * throwing or rejecting.
 *
 * It remembers the last values that were in order, which seldom change, and gives the same state
 * while they stay. A fault is never remembered, so each one reaches the log.
 */
export function createReader(
  store: ConfigStore,
  { logger, readTimeoutMs }: ReadRolloutOptions,
): () => MaybePromise<RolloutState> {
  let lastFlag: KeyReading | undefined;
  let lastPct: KeyReading | undefined;
  let lastState: RolloutState | undefined;

  function readFlag(): MaybePromise<RolloutState> {
    const flag = readKey(store, EDGEZERO_ENABLED_KEY, readTimeoutMs);
    return flag instanceof Promise ? flag.then(readPct) : readPct(flag);
  }

  function readPct(flag: KeyReading): MaybePromise<RolloutState> {
    if (!parseEdgezeroFlag(flag)) return understand(flag, undefined);
    const pct = readKey(store, EDGEZERO_ROLLOUT_PCT_KEY, readTimeoutMs);
    return pct instanceof Promise
      ? pct.then((reading) => understand(flag, reading))
      : understand(flag, pct);
  }

  function understand(flag: KeyReading, pct: KeyReading | undefined): RolloutState {
    if (lastState && flag === lastFlag && pct === lastPct) return lastState;
    return understandNew(flag, pct);
  }

  // Apart, so that the engine compiles the way of nearly every request as one piece.
  function understandNew(flag: KeyReading, pct: KeyReading | undefined): RolloutState {
    const state = stateOf(flag, pct);
    if (REASONS[state.reason].isFault) {
      logFault(logger, state.reason, pct === undefined ? flag : pct);
    } else {
      [lastFlag, lastPct, lastState] = [flag, pct, state];
    }
    return state;
  }

  return readFlag;
}
