import type { MaybePromise } from "./maybe-promise.ts";
import { andThen } from "./maybe-promise.ts";
import type { ConfiguredReason, RolloutState } from "./rollout-state.ts";
import { web } from "./web.ts";

/**
 * Answers a read that fails with the last good state, if that is at most `staleIfErrorMs` old,
 * counted from when its read started.
 *
 * Only a read that fails is answered so. An absent or invalid value is an answer of the store: it
 * stands, and what was remembered is forgotten. A slow read never overwrites what a read that
 * started after it has found, so a rollback that was once seen is not undone.
 */
export function withStaleIfError(
  read: () => MaybePromise<RolloutState>,
  staleIfErrorMs: number,
): () => MaybePromise<RolloutState> {
  if (staleIfErrorMs === 0) return read;
  let lastGood: RolloutState | undefined;
  let answeredAt = 0;
  let answeredBy = 0;
  let reads = 0;

  return () => {
    const startedAt = web.performance.now();
    // Counted, since many reads may start before the clock of an edge runtime moves on.
    const turn = ++reads;
    return andThen(read(), (state) => {
      // A read has failed where the reason is `store-unavailable` or `…-unreadable`.
      if (state.reason.endsWith("able")) {
        if (!lastGood || web.performance.now() - answeredAt > staleIfErrorMs) return state;
        return { ...lastGood, reason: `stale-${lastGood.reason as ConfiguredReason}` };
      }
      if (turn > answeredBy) {
        answeredBy = turn;
        answeredAt = startedAt;
        lastGood = state.reason.startsWith("pct-") ? undefined : state;
      }
      return state;
    });
  };
}
