import type { RolloutPlan } from "../plan/rollout-plan.ts";
import { alphasOf } from "../plan/alphas.ts";
import { statisticsSignal } from "../plan/statistics-signal.ts";
import { NO_ADVISORY } from "./advisory.ts";
import { restartEvidence, startEvidence } from "../statistics/index.ts";
import type { RolloutState, Rules, Site, WatchedSignal } from "./state.ts";

/** Where neither the plan nor the store states a figure. `lintPlan` finds that. */
const PROPAGATION_MS = 120_000;

/**
 * A rollout before its first event.
 *
 * @throws RangeError where a signal cannot be judged; never for a plan that `parsePlan` returned and a site
 * whose bounds ascend.
 */
export function initialState(plan: RolloutPlan, site: Site): RolloutState {
  const rules = rulesOf(plan, site);
  const evidence = rules.signals.map(({ name, signal }) => [name, startEvidence(signal)] as const);
  return {
    version: 1,
    rules,
    now: 0,
    phase: { name: "idle" },
    store: null,
    raise: null,
    evidence: Object.fromEntries(evidence),
    advisory: Object.fromEntries(rules.signals.map(({ name }) => [name, NO_ADVISORY])),
    sources: {},
    baseline: 0,
    answering: null,
    paged: {},
    writes: 0,
    passes: 0,
  };
}

function rulesOf(plan: RolloutPlan, site: Site): Rules {
  const alphas = alphasOf(plan);
  const signals = plan.signals.map((rules, i): WatchedSignal => ({
    ...rules,
    source: rules.source ?? site.source,
    signal: statisticsSignal(rules, alphas[i] ?? plan.falseRollback, site.bounds),
  }));
  const propagationMs = plan.propagationMs ?? site.propagationMs ?? PROPAGATION_MS;
  const { source, delayMs, probes } = site;
  return { ...plan, signals, propagationMs, source, delayMs, probes };
}

/** The next rollout has earlier stages of its own; what the hours of the week were like stays. */
export function withoutEarlier(state: RolloutState): RolloutState {
  const advisory = Object.entries(state.advisory).map(([name, known]) => [
    name,
    { ...known, earlier: null },
  ]);
  return { ...state, advisory: Object.fromEntries(advisory) };
}

/** A whole purse for a new build: what was learned of legacy stays. */
export function withNewEvidence(state: RolloutState): RolloutState {
  const evidence = state.rules.signals.map(({ name, signal }) => {
    const before = state.evidence[name];
    return [name, before === undefined ? startEvidence(signal) : restartEvidence(signal, before)];
  });
  return { ...state, evidence: Object.fromEntries(evidence) };
}
