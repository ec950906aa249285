import type { MaybePromise } from "./maybe-promise.ts";
import type { ConfiguredReason, RolloutState } from "./rollout-state.ts";
import { web } from "./web.ts";

/**
 * Answers a read that fails with the last good state, if that is at most `staleIfErrorMs` old,
 * counted from when its read started.
 *
 * Only a read that fails is answered so. An absent or invalid value is an answer of the store: it
 * stands, and what was remembered is forgotten. A slow read never overwrites what a read that
 * started after it has found, so a rollback that was once seen is not undone. Where nothing is
 * remembered, because `staleIfErrorMs` is 0 or absent, `read` is given back as it is.
 */
export function withStaleIfError(
  read: () => MaybePromise<RolloutState>,
  staleIfErrorMs: number | undefined,
): () => MaybePromise<RolloutState> {
  if (!staleIfErrorMs) return read;
  let lastGood: RolloutState | undefined;
  let lastAnswerBegan = 0;
  let lastAnswerTurn = 0;
  let turns = 0;

  return async () => {
    const startedAt = web.performance.now();
    // Counted, since many reads may start before the clock of an edge runtime moves on.
    const turn = ++turns;
    const state = await read();
    // The read has failed: a `ReadFailure` ends so, and no other reason does.
    if (state.reason.endsWith("able")) {
      if (!lastGood || web.performance.now() - lastAnswerBegan > staleIfErrorMs) return state;
      return { ...lastGood, reason: `stale-${lastGood.reason as ConfiguredReason}` };
    }
    if (turn > lastAnswerTurn) {
      lastAnswerTurn = turn;
      lastAnswerBegan = startedAt;
      // Absent or invalid: of what the store answers, only these reasons have a hyphen.
      lastGood = state.reason.includes("-") ? undefined : state;
    }
    return state;
  };
}
