import type { RolloutState, WatchedSignal } from "./state.ts";

/** The signal whose ceiling says that a path is down. */
export function errorsSignal({ rules }: RolloutState): WatchedSignal | null {
  return (
    rules.signals.find(
      ({ kind, of, ceiling }) => kind === "rate" && of === "failures" && ceiling !== null,
    ) ?? null
  );
}
