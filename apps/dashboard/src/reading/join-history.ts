import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { History } from "@edgezero/control-api/history";
import { isObserved, observedNow } from "@edgezero/control-api/observed-now";

/** Adds what a view says now, so that the chart goes on between two loads of the history. Pure. */
export function joinHistory(history: History, view: EnvironmentView): History {
  const last = history.at.at(-1) ?? -Infinity;
  if (view.at <= last) return history;
  const names = new Set([...Object.keys(history.signals), ...view.signals.map(({ name }) => name)]);
  const gap = history.at.map(() => null);
  const isFresh = isObserved(view);
  const signals = [...names].map((name) => {
    const signal = view.signals.find((each) => each.name === name);
    const recent = isFresh ? (signal?.recent ?? null) : null;
    return [name, [...(history.signals[name] ?? gap), recent]] as const;
  });
  return {
    at: [...history.at, view.at],
    pct: [...history.pct, view.pct],
    share: [...history.share, observedNow(view)],
    signals: Object.fromEntries(signals),
  };
}
