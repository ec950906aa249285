import type { RolloutEvent, RolloutState } from "../../src/reducer/index.ts";
import { readEvent } from "../../src/reducer/index.ts";
import type { Step } from "../../src/reducer/index.ts";

/**
 * What a bystander knows of a rollout by its events alone. It keeps its own books, so that a mistake of
 * the reducer's is not repeated by the test.
 */
export interface Witness {
  /** The number of the pass that the rest is about. */
  pass: number;
  /** What the store was last read to have. */
  storePct: number | null;
  /** Whether anything said that the write has arrived, and when it did first. */
  arrivedAt: number | null;
  decisions: number;
  /** When the hold began again at the latest. */
  heldFrom: number;
  promoted: boolean;
  approved: boolean;
  requests: number;
  /** The end of each source's newest window. */
  to: number;
  seen: Record<string, number>;
  /** Windows of the pass with the clients that fail on EdgeZero; `null`: unknown. */
  failing: { to: number; failing: number | null }[];
  /** Whether an operator moved the value, skipping stages by it. */
  drifted: boolean;
}

export function newWitness(): Witness {
  return {
    pass: 0,
    storePct: null,
    arrivedAt: null,
    decisions: 0,
    heldFrom: 0,
    promoted: false,
    approved: false,
    requests: 0,
    to: 0,
    seen: {},
    failing: [],
    drifted: false,
  };
}

/** Takes an event and what became of it into the books. */
export function witness(
  books: Witness,
  before: RolloutState,
  event: RolloutEvent,
  { state, effects }: Step,
): void {
  const read = readEvent(event);
  if (read === null) return;
  if (read.type === "store") books.storePct = read.pct;
  if (read.type === "evidence" && read.source === before.rules.source) {
    for (const window of read.windows) watch(books, before, state, window);
  }
  const pass = "pass" in before.phase ? before.phase.pass : null;
  if (read.type === "probes" && read.carrying >= read.instances && read.instances > 0) {
    if (pass?.epoch === read.epoch) books.arrivedAt ??= state.now;
  }
  const answer = effects.find((effect) => effect.type === "answer");
  if (answer?.accepted) {
    if (answer.command === "promote") books.promoted = true;
    if (answer.command === "approve") books.approved = true;
    if (answer.command === "reset" || answer.command === "resume") {
      if (answer.command === "reset" || pass?.conditions.drifted !== undefined)
        restart(books, state.now);
      if (answer.command === "reset") Object.assign(books, { requests: 0, seen: {} });
    }
  }
  if (!("pass" in state.phase)) return;
  const { number, conditions, breaches } = state.phase.pass;
  if (number !== books.pass) beginPass(books, state);
  if (Object.keys(breaches).length > 0 || conditions["one-client"] !== undefined) {
    restart(books, state.now);
  }
  if (conditions.drifted !== undefined) books.drifted = true;
}

function restart(books: Witness, now: number): void {
  Object.assign(books, { heldFrom: now, promoted: false, approved: false });
}

function beginPass(books: Witness, { phase, now }: RolloutState): void {
  if (!("pass" in phase)) return;
  const fresh = { arrivedAt: null, decisions: 0, heldFrom: now, promoted: false, approved: false };
  Object.assign(books, fresh, { pass: phase.pass.number, requests: 0, seen: {}, failing: [] });
}

type Window = Extract<RolloutEvent, { type: "evidence" }>["windows"][number];

function watch(books: Witness, before: RolloutState, after: RolloutState, window: Window): void {
  const { from, to, canary, control, decisions } = window;
  const isDue = from >= books.to && to - from === before.rules.windowMs && to <= after.now;
  if (!isDue) return;
  books.to = to;
  if (!("pass" in before.phase) || before.phase.name === "completed") return;
  const { pass } = before.phase;
  if (from < pass.writtenAt) return;
  books.requests += canary.requests;
  books.decisions += pass.epoch === null ? 0 : (decisions[pass.epoch] ?? 0);
  if (!before.rules.probes && books.decisions >= 100) books.arrivedAt ??= after.now;
  books.seen[""] = to;
  for (const name of Object.keys(canary.signals)) {
    if (name in control.signals) books.seen[name] = to;
  }
  books.failing.push({ to, failing: canary.clients?.failing ?? null });
}
