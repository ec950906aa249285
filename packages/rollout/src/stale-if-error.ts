import type { MaybePromise } from "./maybe-promise.ts";
import { REASONS } from "./reasons.ts";
import type { RolloutState } from "./rollout-state.ts";
import { web } from "./web.ts";

/**
 * Answers a failed read with the last good state, if that is at most `staleIfErrorMs` old, counted
 * from when its read started.
 *
 * An absent or invalid value is an answer of the store and not a failed read. It stands, and the
 * last good state is forgotten. A slow read never replaces the result of a read that started after
 * it, so a rollback that was once seen is not undone.
 *
 * @param staleIfErrorMs In milliseconds. `read` is returned unchanged where this is 0.
 */
export function withStaleIfError(
  read: () => MaybePromise<RolloutState>,
  staleIfErrorMs = 0,
): () => MaybePromise<RolloutState> {
  if (staleIfErrorMs === 0) return read;
  /** How many reads have started. */
  let turns = 0;
  // Of the newest answer of the store: which read brought it, and when that read started.
  let lastTurn = 0;
  let lastStartedAt = 0;
  /** Stands in for a failed read; `undefined` where the newest answer was a fault. */
  let standIn: RolloutState | undefined;

  function settle(state: RolloutState, startedAt: number, turn: number): RolloutState {
    const { wasRead, stale } = REASONS[state.reason];
    if (!wasRead) {
      const ageMs = web.performance.now() - lastStartedAt;
      return standIn && ageMs <= staleIfErrorMs ? standIn : state;
    }
    // Compared by turn, since many reads may start before the clock of an edge runtime moves on.
    if (turn > lastTurn) {
      lastTurn = turn;
      lastStartedAt = startedAt;
      standIn = stale && Object.freeze({ ...state, reason: stale });
    }
    return state;
  }

  return () => {
    const startedAt = web.performance.now();
    const turn = ++turns;
    const reading = read();
    return reading instanceof Promise
      ? reading.then((state) => settle(state, startedAt, turn))
      : settle(reading, startedAt, turn);
  };
}
