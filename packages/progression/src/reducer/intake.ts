import type { SignalWindow } from "../statistics/index.ts";
import { addWindow } from "../statistics/index.ts";
import { isWindow } from "../statistics/window.ts";
import { noteAsked, sourceOf } from "./blindness.ts";
import { judgeConditions } from "./conditions.ts";
import type { EventOf, EvidenceWindow } from "./event.ts";
import { TRAFFIC } from "./freshness.ts";
import { isHeard, stageName } from "./pass.ts";
import { arriveByDecisions } from "./propagation.ts";
import { countRollback, isRollback } from "./rollback.ts";
import type { Pass } from "./phase.ts";
import type { RolloutState, WatchedSignal } from "./state.ts";
import { isExposed } from "./phase.ts";
import type { Step } from "./step.ts";
import { follow, step, withPass } from "./step.ts";
import { judgeVerdicts } from "./verdicts.ts";

/** Takes the answer of a source: each window once, in the order of time. */
export function takeEvidence(state: RolloutState, event: EventOf<"evidence">): Step {
  let taken = noteAsked(state, event.source, event.newest);
  for (const window of event.windows) {
    taken = follow(taken, (next) => takeWindow(next, event.source, window));
  }
  return taken;
}

function takeWindow(state: RolloutState, name: string, window: EvidenceWindow): Step {
  if (!isDue(state, name, window)) return step(state);
  const source = { ...sourceOf(state, name), to: window.to };
  const next = { ...state, sources: { ...state.sources, [name]: source } };
  const { phase } = next;
  if (isRollback(phase)) {
    return step(name === next.rules.source ? countRollback(next, window) : next);
  }
  if (!isExposed(phase)) return step(learnBaseline(next, name, window));
  // A window that began before the write belongs to the stage before it, which is over.
  if (phase.name === "completed" || window.from < phase.pass.writtenAt) return step(next);
  return judgeVerdicts(takeInPass(next, phase.pass, name, window));
}

/** A window counts once, never after a later one, and has the length that all windows have. */
function isDue(state: RolloutState, name: string, { from, to }: EvidenceWindow): boolean {
  const { rules, now } = state;
  const isKnown = name === rules.source || rules.signals.some(({ source }) => source === name);
  return isKnown && from >= sourceOf(state, name).to && to - from === rules.windowMs && to <= now;
}

/** Nobody is on EdgeZero: legacy shows how clustered its failures are, and how fast it is. */
function learnBaseline(state: RolloutState, name: string, window: EvidenceWindow): RolloutState {
  if (window.control.requests === 0) return state;
  const learned = addToSignals(state, name, (watched) => {
    const { signals } = window.control;
    const control = Object.hasOwn(signals, watched.name) ? signals[watched.name] : undefined;
    const { signal } = watched;
    if (control === undefined) return null;
    const none =
      signal.kind === "rate"
        ? { trials: 0, hits: 0 }
        : { buckets: Array.from({ length: signal.bounds.length + 1 }, () => 0) };
    return { stage: "baseline", canary: none, control };
  });
  const isTraffic = name === state.rules.source;
  return isTraffic ? { ...learned, baseline: Math.min(learned.baseline + 1, 1e6) } : learned;
}

function takeInPass(
  state: RolloutState,
  before: Pass,
  name: string,
  window: EvidenceWindow,
): RolloutState {
  const pass = name === state.rules.source ? takeTraffic(state, before, window) : before;
  const counted = withPass(state, () => ({ ...pass, seen: seenAfter(state, pass, name, window) }));
  if (pass.pct < 100 && window.control.requests === 0) return counted;
  return addToSignals(counted, name, (watched) =>
    isHeard(state, pass, watched) ? windowOf(pass, watched, window) : null,
  );
}

function takeTraffic(state: RolloutState, before: Pass, window: EvidenceWindow): Pass {
  const pass = judgeConditions(state, arriveByDecisions(state, before, window), window);
  const { clients, requests } = window.canary;
  const recent = pass.clients.filter(({ to }) => to > window.to - 60_000);
  return {
    ...pass,
    requests: pass.requests + requests,
    clients: clients === null ? recent : [...recent, { to: window.to, ...clients }].slice(-60),
  };
}

/** What a window gave of each signal, in a form that the statistics take. */
function seenAfter(
  { rules }: RolloutState,
  pass: Pass,
  name: string,
  window: EvidenceWindow,
): Pass["seen"] {
  const seen = { ...pass.seen };
  if (name === rules.source) seen[TRAFFIC] = window.to;
  for (const watched of rules.signals) {
    if (watched.source === name && windowOf(pass, watched, window) !== null) {
      seen[watched.name] = window.to;
    }
  }
  return seen;
}

/** A signal's part of a window. `null`: the source did not give it, or gave what cannot be. */
function windowOf(
  pass: Pass,
  { name, signal }: WatchedSignal,
  { canary: { signals }, control: legacy }: EvidenceWindow,
): SignalWindow | null {
  const canary = Object.hasOwn(signals, name) ? signals[name] : undefined;
  const given = Object.hasOwn(legacy.signals, name) ? legacy.signals[name] : undefined;
  const control = pass.pct >= 100 ? null : given;
  if (canary === undefined || control === undefined) return null;
  const window = { stage: stageName(pass), canary, control };
  return isWindow(signal, window) ? window : null;
}

function addToSignals(
  state: RolloutState,
  source: string,
  given: (watched: WatchedSignal) => SignalWindow | null,
): RolloutState {
  const evidence = { ...state.evidence };
  for (const watched of state.rules.signals) {
    const known = evidence[watched.name];
    const window = watched.source === source ? given(watched) : null;
    if (known !== undefined && window !== null) {
      evidence[watched.name] = addWindow(watched.signal, known, window);
    }
  }
  return { ...state, evidence };
}
