import type { Counts, Histogram, SignalWindow } from "../statistics/index.ts";
import { addWindow } from "../statistics/index.ts";
import { isWindow } from "../statistics/window.ts";
import { learnAdvisory, NO_ADVISORY } from "./advisory.ts";
import { noteAsked, sourceOf } from "./blindness.ts";
import { countedAtMost, isOfRequests } from "./concentration.ts";
import type { Answered } from "./conditions.ts";
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
  const newest = isUsable(state, event) ? event.newest : null;
  let taken = noteAsked(state, event.source, newest);
  const newestWindow = event.windows.findLast((window) => isDue(state, event.source, window));
  for (const window of event.windows) {
    const isNewest = window === newestWindow;
    taken = follow(taken, (next) => takeWindow(next, event.source, window, isNewest));
  }
  return taken;
}

/** Windows of another length, or of a time to come, are as good as no answer: nobody could count them. */
function isUsable(state: RolloutState, { source, windows }: EventOf<"evidence">): boolean {
  const { to } = sourceOf(state, source);
  const isNew = windows.filter((window) => window.to > to);
  return isNew.length === 0 || isNew.some((window) => isDue(state, source, window));
}

function takeWindow(
  state: RolloutState,
  name: string,
  window: EvidenceWindow,
  isNewest: boolean,
): Step {
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
  return judgeVerdicts(takeInPass(next, phase.pass, name, { window, isNewest }));
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
  const learned = addToSignals(state, name, window, (watched) => {
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
  answered: Answered,
): RolloutState {
  const { window } = answered;
  const pass = name === state.rules.source ? takeTraffic(state, before, answered) : before;
  const given = windowsOf(state, pass, name, window);
  const seen = seenAfter(state, pass, name, window, given);
  const counted = withPass(state, () => ({ ...pass, seen }));
  if (pass.pct < 100 && window.control.requests === 0) return counted;
  return addToSignals(counted, name, window, (watched) =>
    isHeard(state, pass, watched) ? (given.get(watched.name) ?? null) : null,
  );
}

function takeTraffic(state: RolloutState, before: Pass, answered: Answered): Pass {
  const { window } = answered;
  const pass = judgeConditions(state, arriveByDecisions(state, before, window), answered);
  const { clients, requests } = window.canary;
  const recent = pass.clients.filter(({ to }) => to > window.to - 60_000);
  return {
    ...pass,
    requests: pass.requests + requests,
    windows: pass.windows + 1,
    instances: window.instances,
    clients: clients === null ? recent : [...recent, { to: window.to, ...clients }].slice(-60),
  };
}

/** What a source's window gave of each of its signals, in a form that the statistics take. */
function windowsOf(
  { rules }: RolloutState,
  pass: Pass,
  name: string,
  window: EvidenceWindow,
): ReadonlyMap<string, SignalWindow> {
  const given = new Map<string, SignalWindow>();
  for (const watched of rules.signals) {
    const part = watched.source === name ? windowOf(pass, watched, window) : null;
    if (part !== null) given.set(watched.name, part);
  }
  return given;
}

function seenAfter(
  { rules }: RolloutState,
  pass: Pass,
  name: string,
  { to }: EvidenceWindow,
  given: ReadonlyMap<string, SignalWindow>,
): Pass["seen"] {
  const seen = { ...pass.seen };
  if (name === rules.source) seen[TRAFFIC] = to;
  for (const signal of given.keys()) seen[signal] = to;
  return seen;
}

/** A signal's part of a window. `null`: the source did not give it, or gave what cannot be. */
function windowOf(pass: Pass, watched: WatchedSignal, given: EvidenceWindow): SignalWindow | null {
  const { name, signal } = watched;
  const canary = countedOf(watched, given);
  const legacy = given.control;
  const counted = Object.hasOwn(legacy.signals, name) ? legacy.signals[name] : undefined;
  const control = pass.pct >= 100 ? null : counted;
  if (canary === undefined || control === undefined) return null;
  const window = { stage: stageName(pass), canary, control };
  return isWindow(signal, window) ? window : null;
}

/** EdgeZero's part of a signal that can roll back: failures of few clients count as those of mean ones. */
function countedOf(watched: WatchedSignal, window: EvidenceWindow): Counts | Histogram | undefined {
  const { signals } = window.canary;
  const given = Object.hasOwn(signals, watched.name) ? signals[watched.name] : undefined;
  const isLimited = watched.breach === "rollback" && isOfRequests(watched);
  if (given === undefined || "buckets" in given || !isLimited) return given;
  return { ...given, hits: Math.min(given.hits, countedAtMost(window)) };
}

function addToSignals(
  state: RolloutState,
  source: string,
  { to }: EvidenceWindow,
  given: (watched: WatchedSignal) => SignalWindow | null,
): RolloutState {
  const evidence = { ...state.evidence };
  const advisory = { ...state.advisory };
  for (const watched of state.rules.signals) {
    const { name, signal } = watched;
    const known = evidence[name];
    const window = watched.source === source ? given(watched) : null;
    if (known === undefined || window === null) continue;
    const added = addWindow(signal, known, window);
    evidence[name] = added;
    const { control } = window;
    if (control === null || added.rejected > known.rejected) continue;
    const when = { to, isExposed: isExposed(state.phase) };
    advisory[name] = learnAdvisory(signal, advisory[name] ?? NO_ADVISORY, control, when);
  }
  return { ...state, evidence, advisory };
}
