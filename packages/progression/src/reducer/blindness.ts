import { blindMs, requiredSources, staleAfterMs } from "./freshness.ts";
import { beginRollback } from "./rollback.ts";
import type { RolloutState, SourceState } from "./state.ts";
import { isExposed } from "./phase.ts";
import type { Step } from "./step.ts";
import { step, withPass } from "./step.ts";

const UNKNOWN: SourceState = { to: 0, newest: 0, askedAt: 0, blindMs: 0 };

export function sourceOf({ sources }: RolloutState, name: string): SourceState {
  return Object.hasOwn(sources, name) ? (sources[name] ?? UNKNOWN) : UNKNOWN;
}

/**
 * Notes that a source was asked, and whether its data was fresh. Only the time between two questions
 * counts as blindness, and of a longer gap no more than fresh data lasts: downtime of the controller is none.
 */
export function noteAsked(state: RolloutState, name: string, newest: number | null): Step {
  if (!requiredSources(state).includes(name) && !isWatched(state, name)) return step(state);
  const { now, rules } = state;
  const before = sourceOf(state, name);
  const staleMs = staleAfterMs(rules, name);
  const isFresh = newest !== null && newest <= now + rules.windowMs && newest >= now - staleMs;
  const gapMs = before.askedAt === 0 ? 0 : Math.min(now - before.askedAt, staleMs);
  const source = {
    ...before,
    newest: Math.min(newest ?? before.newest, now),
    askedAt: now,
    blindMs: isFresh ? 0 : before.blindMs + gapMs,
  };
  return judgeBlindness({ ...state, sources: { ...state.sources, [name]: source } });
}

/** Sources that no signal names are not kept: the state is bounded. */
function isWatched({ rules }: RolloutState, name: string): boolean {
  return rules.signals.some(({ source }) => source === name);
}

function judgeBlindness(state: RolloutState): Step {
  const { phase, now, rules } = state;
  if (!isExposed(phase) || phase.name === "completed") return step(state);
  const { graceMs, rollbackAfterMs } = rules.noData;
  const lastedMs = blindMs(state);
  if (rollbackAfterMs !== null && phase.pass.pct < 100 && lastedMs >= rollbackAfterMs) {
    return beginRollback(state, { kind: "no-data" });
  }
  if (lastedMs < graceMs) return step(state);
  return step(
    withPass(state, (pass) => ({
      ...pass,
      conditions: {
        ...pass.conditions,
        blind: { since: pass.conditions.blind?.since ?? now, good: 0 },
      },
    })),
  );
}
