import { checkFunction, checkMs } from "./check-options.ts";
import { clientBucket } from "./client-bucket.ts";
import type { ConfigStore } from "./config-store.ts";
import type { Decision } from "./decide.ts";
import { decide } from "./decide.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import type { ReadRolloutOptions } from "./read-rollout.ts";
import { createReader } from "./read-rollout.ts";
import type { RolloutState } from "./rollout-state.ts";
import { withStaleIfError } from "./stale-if-error.ts";

/** Settings of {@link createRollout}. */
export interface RolloutOptions extends ReadRolloutOptions {
  /** Where the two rollout keys live. */
  readonly configStore: ConfigStore;
  /**
   * How long the last good state still stands when a read fails, in milliseconds, 0 to 2147483647;
   * 0, which is never, unless given. A longer time rides out an outage of the config store, but a
   * rollback can go unseen for as long. It never stands in for an absent or invalid value. The
   * state is kept in memory: it does not outlive the process, isolate or sandbox.
   */
  readonly staleIfErrorMs?: number | undefined;
}

/**
 * A rollout that decides every request by what its config store holds at that moment.
 *
 * Both methods answer at once where the store does, and with a promise only where it answers with
 * one. Neither ever throws or rejects.
 */
export interface Rollout {
  /** Reads what the config store says. The state is frozen, and the same while the values are. */
  readonly read: () => MaybePromise<RolloutState>;
  /** Reads the config store and decides a client's path by it. The decision is frozen. */
  readonly decide: (clientIp: string | null | undefined) => MaybePromise<Decision>;
}

/**
 * Makes a rollout for a process, isolate or sandbox: create it once, ask it for every request.
 *
 * It remembers the last two values, their state and up to 100 decisions. Two rollouts share
 * nothing. A misspelt name of an optional setting is not noticed at run time; the compiler refuses
 * it.
 *
 * @throws TypeError when `configStore` has no method `get`.
 * @throws RangeError when a time is out of range, naming it and what is allowed.
 */
export function createRollout(options: RolloutOptions): Rollout {
  const { configStore, readTimeoutMs, staleIfErrorMs } = options;
  checkFunction("configStore.get", typeof configStore?.get);
  checkMs("readTimeoutMs", readTimeoutMs);
  checkMs("staleIfErrorMs", staleIfErrorMs);
  const read = withStaleIfError(createReader(configStore, options), staleIfErrorMs);
  let known: RolloutState | undefined;
  let decisions: Decision[] = [];

  /** {@link decide}, from memory: a state has at most 100 decisions, one for each bucket. */
  function decideBy(state: RolloutState, clientIp: string | null | undefined): Decision {
    if (state !== known) {
      known = state;
      decisions = [];
    }
    const bucket = state.rolloutPct % 100 === 0 ? 0 : clientBucket(clientIp);
    return decisions[bucket] ?? remember(bucket, state, clientIp);
  }

  // Apart, so that the engine compiles the way of nearly every request as one piece: with this in
  // it, a decision takes a fifth longer.
  function remember(
    bucket: number,
    state: RolloutState,
    clientIp: string | null | undefined,
  ): Decision {
    return (decisions[bucket] = Object.freeze(decide(state, clientIp)));
  }

  return {
    read,
    decide(clientIp) {
      const reading = read();
      return reading instanceof Promise
        ? reading.then((state) => decideBy(state, clientIp))
        : decideBy(reading, clientIp);
    },
  };
}
