import type { Pass } from "./phase.ts";
import type { RolloutState, Rules, WatchedSignal } from "./state.ts";
import { isExposed } from "./phase.ts";

/** The name of the traffic itself among the things that a window gives. */
export const TRAFFIC = "";

/** How late a source's newest window is by its nature, in milliseconds. */
export function delayOf({ delayMs }: Pick<Rules, "delayMs">, source: string): number {
  return delayMs[source] ?? 0;
}

/** How old a source's newest data may be: two windows and the source's own delay. */
export function staleAfterMs(rules: Rules, source: string): number {
  return 2 * rules.windowMs + delayOf(rules, source);
}

/** Whether this signal can be judged, and may roll back, at this percentage. */
export function isJudged({ ceiling }: WatchedSignal, pct: number): boolean {
  return pct < 100 || ceiling !== null;
}

/** Signals without which the plan does not go on. At 100% there is no control: only those with a ceiling. */
export function requiredSignals({ signals }: Rules, pct: number): readonly WatchedSignal[] {
  return signals.filter((signal) => signal.required && isJudged(signal, pct));
}

/** Whether a source's last answer was a fault, or had old data alone. */
export function isBlind({ sources }: Pick<RolloutState, "sources">, source: string): boolean {
  return (sources[source]?.blindMs ?? 0) > 0;
}

/**
 * Until when data whose newest window ended at `to` is fresh. Where one of several gateways is missing a
 * source goes on with windows of the others, and its newest sample stays at that gateway's last one. A
 * source that failed gives nothing fresh, however new its last window is: nobody knows what comes after it.
 */
function freshTo(state: RolloutState, source: string, to: number): number {
  const { rules, sources } = state;
  if (isBlind(state, source)) return -Infinity;
  const { newest } = sources[source] ?? { newest: to };
  return Math.min(to, newest + rules.windowMs) + staleAfterMs(rules, source);
}

/**
 * Until when all that the plan requires is fresh; before now where something is missing. A pass begins
 * with nothing seen.
 */
export function freshUntil(state: RolloutState, { seen, pct }: Pass): number {
  const { rules } = state;
  const until = (name: string, source: string): number => {
    const to = seen[name];
    return to === undefined ? -1 : freshTo(state, source, to);
  };
  const signals = requiredSignals(rules, pct).map(({ name, source }) => until(name, source));
  return Math.min(until(TRAFFIC, rules.source), ...signals);
}

/** The names of what is required and missing or stale now; `""` is the traffic itself. */
export function missing(state: RolloutState, pass: Pass): readonly string[] {
  const { rules, now } = state;
  const isMissing = (name: string, source: string): boolean =>
    freshTo(state, source, pass.seen[name] ?? -Infinity) < now;
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
