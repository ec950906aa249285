import type { RolloutPlan, RolloutSignal } from "../plan/rollout-plan.ts";
import type { Signal } from "../statistics/index.ts";
import { restartEvidence, splitAlpha, startEvidence } from "../statistics/index.ts";
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
    signal: signalOf(rules, alphas[i] ?? plan.falseRollback, site),
  }));
  const propagationMs = plan.propagationMs ?? site.propagationMs ?? PROPAGATION_MS;
  const { source, delayMs, probes } = site;
  return { ...plan, signals, propagationMs, source, delayMs, probes };
}

/** Signals that can roll back share one alpha; a signal that only holds has an alpha of its own. */
function alphasOf({ signals, falseRollback }: RolloutPlan): number[] {
  const weights = signals.filter((signal) => canRollBack(signal)).map(({ weight }) => weight);
  const parts = splitAlpha(falseRollback, weights);
  return signals.map((signal) => (canRollBack(signal) ? (parts.shift() ?? 0) : falseRollback));
}

function canRollBack({ breach, rollbackAfterMs }: RolloutSignal): boolean {
  return breach === "rollback" || rollbackAfterMs !== null;
}

function signalOf(rules: RolloutSignal, alpha: number, { bounds }: Site): Signal {
  const { name: id, margin, minTrials, minHits, ceiling, worse } = rules;
  const options = {
    id,
    margin,
    alpha,
    ...(minTrials === null ? {} : { minTrials }),
    ...(minHits === null ? {} : { minHits }),
    ...(ceiling === null ? {} : { ceiling }),
  };
  if (rules.kind === "rate") return { ...options, kind: "rate", worse };
  const { quantile } = rules;
  return {
    ...options,
    kind: "quantile",
    worse: "up",
    bounds,
    ...(quantile === null ? {} : { quantile }),
  };
}

/** A whole purse for a new build: what was learned of legacy stays. */
export function withNewEvidence(state: RolloutState): RolloutState {
  const evidence = state.rules.signals.map(({ name, signal }) => {
    const before = state.evidence[name];
    return [name, before === undefined ? startEvidence(signal) : restartEvidence(signal, before)];
  });
  return { ...state, evidence: Object.fromEntries(evidence) };
}
