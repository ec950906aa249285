import type { Evidence, Judgement } from "../statistics/index.ts";
import { judgeSignal, readsWorse, restartEvidence } from "../statistics/index.ts";
import { isJudged } from "./freshness.ts";
import { isHeard, stageName } from "./pass.ts";
import { beginRollback } from "./rollback.ts";
import type { Breach, Pass } from "./phase.ts";
import type { RolloutState, WatchedSignal } from "./state.ts";
import { isExposed } from "./phase.ts";
import type { Step } from "./step.ts";
import { step, withoutKey, withPass } from "./step.ts";
import { isOneClient } from "./one-client.ts";

/** How long a signal that holds gathers evidence before it is asked again. */
const QUARTER_MS = 900_000;

/**
 * The judgement of a signal in this pass, or `null` where nothing was compared in it yet, or where it may
 * decide nothing.
 */
export function judgementOf(
  state: RolloutState,
  pass: Pass,
  watched: WatchedSignal,
): Judgement | null {
  const evidence = evidenceOf(state, pass, watched);
  return evidence === null ? null : judgeSignal(watched.signal, evidence);
}

function isWorse(state: RolloutState, pass: Pass, watched: WatchedSignal): boolean {
  const evidence = evidenceOf(state, pass, watched);
  return evidence !== null && readsWorse(watched.signal, evidence);
}

function evidenceOf(state: RolloutState, pass: Pass, watched: WatchedSignal): Evidence | null {
  const evidence = state.evidence[watched.name];
  if (evidence === undefined || evidence.stage !== stageName(pass)) return null;
  return isJudged(watched, pass.pct) && isHeard(state, pass, watched) ? evidence : null;
}

/** Acts on what signals read: rollback comes before hold. */
export function judgeVerdicts(state: RolloutState): Step {
  const { phase, rules } = state;
  if (!isExposed(phase)) return step(state);
  const { pass } = phase;
  const worse = rules.signals.filter((watched) => isWorse(state, pass, watched));
  const decisive = worse.filter(({ breach }) => breach === "rollback");
  const sure = decisive.find((watched) => !isOneClient(state, pass, watched));
  if (sure !== undefined) return beginRollback(state, { kind: "worse", signal: sure.name });
  const held = decisive.length > 0 ? holdOneClient(state) : releaseOneClient(state);
  return step(worse.filter(({ breach }) => breach === "hold").reduce(holdBreach, held));
}

function holdOneClient(state: RolloutState): RolloutState {
  return withPass(state, (pass) => {
    const since = pass.conditions["one-client"]?.since ?? state.now;
    const conditions = { ...pass.conditions, "one-client": { since, good: 0 } };
    return { ...pass, conditions, clockMs: 0, approved: false };
  });
}

function releaseOneClient(state: RolloutState): RolloutState {
  return withPass(state, (pass) => {
    if (pass.conditions["one-client"] === undefined) return pass;
    const { "one-client": _, ...conditions } = pass.conditions;
    return { ...pass, conditions };
  });
}

/** Holds, and gathers evidence from nothing: whether it lasts is a new question. */
function holdBreach(state: RolloutState, watched: WatchedSignal): RolloutState {
  const { phase, now } = state;
  if (!isExposed(phase) || Object.hasOwn(phase.pass.breaches, watched.name)) return state;
  const breach = { since: now, quarter: now };
  return withPass(restarted(state, watched), (pass) => ({
    ...pass,
    breaches: { ...pass.breaches, [watched.name]: breach },
    clockMs: 0,
    approved: false,
  }));
}

function restarted(state: RolloutState, { name, signal }: WatchedSignal): RolloutState {
  const known = state.evidence[name];
  if (known === undefined) return state;
  return { ...state, evidence: { ...state.evidence, [name]: restartEvidence(signal, known) } };
}

/** As time passes: a quarter that ends otherwise than `worse` ends the breach; one that lasts rolls back. */
export function pursueBreaches(state: RolloutState): Step {
  const { phase, rules } = state;
  if (!isExposed(phase)) return step(state);
  let next = state;
  for (const watched of rules.signals) {
    const breach = phase.pass.breaches[watched.name];
    if (breach === undefined || next.now - breach.quarter < QUARTER_MS) continue;
    if (!isWorse(next, phase.pass, watched)) {
      next = withPass(next, (pass) => ({
        ...pass,
        breaches: withoutKey(pass.breaches, watched.name),
        clockMs: 0,
      }));
    } else if (hasLasted(next, watched, breach)) {
      return beginRollback(next, { kind: "lasted", signal: watched.name });
    } else {
      next = withPass(restarted(next, watched), (pass) => ({
        ...pass,
        breaches: { ...pass.breaches, [watched.name]: { ...breach, quarter: next.now } },
      }));
    }
  }
  return step(next);
}

function hasLasted(
  { now }: RolloutState,
  { rollbackAfterMs }: WatchedSignal,
  { since }: Breach,
): boolean {
  return rollbackAfterMs !== null && now - since >= rollbackAfterMs;
}
