import type { Pass } from "./phase.ts";
import type { RolloutState, Rules, WatchedSignal } from "./state.ts";
import { isExposed } from "./phase.ts";

/** The name of the traffic itself among the things that a window gives. */
export const TRAFFIC = "";

/** How old a source's newest data may be: two windows and the source's own delay. */
export function staleAfterMs({ windowMs, delayMs }: Rules, source: string): number {
  return 2 * windowMs + (delayMs[source] ?? 0);
}

/** Whether this signal can be judged, and may roll back, at this percentage. */
export function isJudged({ ceiling }: WatchedSignal, pct: number): boolean {
  return pct < 100 || ceiling !== null;
}

/** Signals without which the plan does not go on. At 100% there is no control: only those with a ceiling. */
export function requiredSignals({ signals }: Rules, pct: number): readonly WatchedSignal[] {
  return signals.filter((signal) => signal.required && isJudged(signal, pct));
}

/**
 * Until when all that the plan requires is fresh; before now where something is missing. A pass begins
 * with nothing seen.
 */
export function freshUntil({ rules }: RolloutState, { seen, pct }: Pass): number {
  const until = (name: string, source: string): number => {
    const to = seen[name];
    return to === undefined ? -1 : to + staleAfterMs(rules, source);
  };
  const signals = requiredSignals(rules, pct).map(({ name, source }) => until(name, source));
  return Math.min(until(TRAFFIC, rules.source), ...signals);
}

/** The names of what is required and missing or stale now; `""` is the traffic itself. */
export function missing(state: RolloutState, pass: Pass): readonly string[] {
  const { rules, now } = state;
  const isMissing = (name: string, source: string): boolean =>
    (pass.seen[name] ?? -Infinity) + staleAfterMs(rules, source) < now;
  return [
    ...(isMissing(TRAFFIC, rules.source) ? [TRAFFIC] : []),
    ...requiredSignals(rules, pass.pct)
      .filter(({ name, source }) => isMissing(name, source))
      .map(({ name }) => name),
  ];
}

/** The sources that the plan needs at this percentage. */
export function requiredSources({ rules, phase }: RolloutState): readonly string[] {
  const pct = isExposed(phase) ? phase.pass.pct : 0;
  return [...new Set([rules.source, ...requiredSignals(rules, pct).map(({ source }) => source)])];
}

/** For how long the worst of the required sources was asked without fresh data. */
export function blindMs(state: RolloutState): number {
  return Math.max(0, ...requiredSources(state).map((name) => state.sources[name]?.blindMs ?? 0));
}
