import { judgeSignal } from "../../src/index.ts";
import { isFrozen } from "../../src/plan/index.ts";
import type { Effect, RolloutEvent, RolloutState, Step } from "../../src/reducer/index.ts";
import { COMMAND_TABLE, explain, readEvent, reduce } from "../../src/reducer/index.ts";
import type { Witness } from "./witness.ts";

/** What a step is checked against. */
export interface Taken {
  readonly books: Readonly<Witness>;
  readonly before: RolloutState;
  readonly event: RolloutEvent;
  readonly after: Step;
}

class Broken extends Error {}

function promise(holds: boolean, text: string): void {
  if (!holds) throw new Broken(text);
}

type EffectOf<Type extends Effect["type"]> = Extract<Effect, { readonly type: Type }>;

function effectsOf<Type extends Effect["type"]>({ effects }: Step, type: Type): EffectOf<Type>[] {
  return effects.filter((effect): effect is EffectOf<Type> => effect.type === type);
}

/** Every step holds all of these, or throws. Books are those after the event. */
export function checkStep(taken: Taken): void {
  const { before, after } = taken;
  promise(after.state.now >= before.now, "time runs backwards");
  const raises = effectsOf(after, "raise");
  promise(raises.length <= 1, "two stages at once");
  promise(
    raises.length === 0 || effectsOf(after, "write-zero").length === 0,
    "a raise beside a rollback",
  );
  for (const raise of raises) checkRaise(taken, raise);
  if (before.phase.name !== "completed" && after.state.phase.name === "completed") checkEnd(taken);
  checkRollback(taken);
  checkOutside(taken);
  checkBreach(after.state);
}

function checkRaise({ books, before, after }: Taken, raise: EffectOf<"raise">): void {
  const { state } = after;
  const { rules, now, phase } = state;
  promise(raise.from === books.storePct, "a raise from a value that the store has not");
  promise(state.store?.pct === books.storePct, "another value of the store than was read");
  const next = rules.stages.find(({ pct }) => pct > raise.from);
  promise(next?.pct === raise.pct, "a raise that skips a stage");
  promise(!isFrozen(rules.freeze, now), "an advance in a freeze");
  promise(before.raise === null || before.raise.failed, "two raises at once");
  if (!("pass" in phase)) {
    promise(state.baseline >= 20, "a start without 20 windows of legacy");
    return;
  }
  checkAdvance(books, state);
}

/** What leaving a stage needs, to the next one or to the end. */
function checkAdvance(books: Readonly<Witness>, state: RolloutState): void {
  const { rules, now, phase } = state;
  if (!("pass" in phase)) return;
  const { pct, stage: index, conditions, breaches } = phase.pass;
  const stage = rules.stages[index];
  promise(Object.keys(breaches).length === 0, "an advance in a breach");
  promise(Object.keys(conditions).length === 0, "an advance while held");
  promise(books.arrivedAt !== null, "an advance before the write had arrived");
  const heldMs = now - Math.max(books.heldFrom, books.arrivedAt ?? now);
  promise(books.promoted || heldMs >= (stage?.holdMs ?? 0), "a hold cut short");
  promise(books.approved || !stage?.approval, "an advance without its approval");
  promise(books.requests >= (stage?.minRequests ?? 0), "an advance on too few requests");
  const staleMs = 2 * rules.windowMs;
  for (const { required, ceiling, name } of rules.signals) {
    if (!required || (pct >= 100 && ceiling === null)) continue;
    promise((books.seen[name] ?? 0) + staleMs >= now, `an advance with ${name} missing or stale`);
  }
  for (const { name, signal, required, minTrials, ceiling } of rules.signals) {
    const evidence = state.evidence[name];
    if (evidence === undefined || (pct >= 100 && ceiling === null)) continue;
    const { verdict } = judgeSignal(signal, evidence);
    promise(verdict !== "worse" || evidence.alone !== pct >= 100, `an advance with ${name} worse`);
    const { canaryTrials, controlTrials } = evidence.sums;
    const isThin = required && minTrials !== null && canaryTrials < minTrials;
    promise(!isThin, `an advance with ${name} thin`);
    const isCompared = canaryTrials > 0 && (pct >= 100 || controlTrials > 0);
    promise(!required || isCompared, `an advance with nothing compared of ${name}`);
    const isAsked = required && rules.advance === "proven" && pct < 100;
    promise(!isAsked || verdict === "not-worse", `an advance with ${name} not proven`);
  }
}

function checkEnd({ books, after: { state } }: Taken): void {
  checkAdvance(books, state);
  promise(books.requests > 0, "completed without evidence");
}

function checkRollback({ books, before, after }: Taken): void {
  const [zero] = effectsOf(after, "write-zero");
  if (zero === undefined || "rollback" in before.phase) return;
  const { cause } = zero;
  const { rules, now } = after.state;
  promise(cause.kind !== "no-data", "a rollback for missing data");
  promise(cause.kind !== "outside", "a 0 of someone else written over");
  if (!("pass" in before.phase) || (cause.kind !== "worse" && cause.kind !== "lasted")) return;
  const { pct, conditions } = before.phase.pass;
  const rule = rules.signals.find(({ name }) => name === cause.signal);
  promise(pct < 100 || rule?.ceiling !== null, "a rollback at 100% without a ceiling");
  if (cause.kind === "lasted" || rule?.of === "latency") return;
  const recent = books.failing.filter(({ to }) => to > books.to - 60_000);
  const isOne = recent.every(({ failing }) => failing === 1);
  const since = conditions["one-client"]?.since ?? now;
  promise(!isOne || now - since >= 600_000, "one failing client rolled back");
}

function checkOutside({ before, event, after }: Taken): void {
  if (event === null || readEvent(event)?.type !== "store" || event.type !== "store") return;
  if (!("pass" in before.phase)) return;
  const { pass } = before.phase;
  const { phase } = after.state;
  const isNotYet = event.pct === pass.before && (pass.arrivedAt === null || event.pct !== 0);
  if (event.pct === pass.pct || event.pct === before.raise?.pct || isNotYet) return;
  promise(effectsOf(after, "raise").length === 0, "a value of someone else written over");
  if (event.pct === 0) {
    promise(phase.name === "rolled-back", "a 0 of someone else is no rollback");
    promise(effectsOf(after, "write-zero").length === 0, "a 0 of someone else written over");
  } else {
    const isHeld = "pass" in phase && phase.pass.conditions.drifted !== undefined;
    promise(isHeld && ["held", "paused"].includes(phase.name), "a drift that does not hold");
  }
}

function checkBreach({ phase }: RolloutState): void {
  if (!("pass" in phase)) return;
  const { breaches, clockMs, conditions } = phase.pass;
  const isBreached = Object.keys(breaches).length > 0 || conditions["one-client"] !== undefined;
  promise(!isBreached || clockMs === 0, "a hold clock that outlived a breach");
  if (phase.name === "paused" || phase.name === "completed") return;
  const isHeld = Object.keys(breaches).length > 0 || Object.keys(conditions).length > 0;
  promise(isHeld === (phase.name === "held"), "held without a reason, or a reason without a hold");
}

function command(at: number, name: "rollback" | "pause" | "reset"): RolloutEvent {
  const by = "ana";
  return { type: "command", at, command: { name, stage: null, keep: false, by, reason: "why" } };
}

/** What is true of a state by itself: ways out, size, and what JSON keeps of it. */
export function checkState(state: RolloutState): void {
  const back = reduce(state, command(state.now, "rollback"));
  promise(back.effects[0]?.type === "write-zero", "a rollback that does not write at once");
  promise(back.state.phase.name === "rolling-back", "a rollback refused");
  if ("pass" in state.phase && state.phase.name !== "paused") {
    const paused = reduce(state, command(state.now, "pause")).state;
    promise(paused.phase.name === "paused", `no pause in ${state.phase.name}`);
  }
  const row = COMMAND_TABLE[state.phase.name];
  promise(Object.values(row).includes(null), "a state without a way out");
  const { sentence, waitsFor, reason } = explain(state);
  promise(sentence.length > 10 && waitsFor.length > 5, "a state without an explanation");
  const isOpen = "pass" in state.phase && state.phase.name !== "completed";
  promise(!isOpen || reason !== null || state.phase.name === "observing", "no reason to wait");
  const text = JSON.stringify(state);
  promise(text.length <= 65_536, `a state of ${text.length} bytes`);
  promise(!/:(?:null|-?\d+)e\+3\d\d/.test(text), "a number that is not finite");
}

/** The same event again, at once: it counts once. */
export function checkTwice({ before, event, after }: Taken): void {
  const again = reduce(before, event);
  promise(JSON.stringify(again) === JSON.stringify(after), "the same event, other bytes");
  const twice = reduce(after.state, event);
  promise(effectsOf(twice, "raise").length + effectsOf(after, "raise").length <= 1, "raised twice");
  if (readEvent(event)?.type !== "evidence" || "rollback" in twice.state.phase) return;
  const isSame = JSON.stringify(twice.state.evidence) === JSON.stringify(after.state.evidence);
  promise(isSame, "a window counted twice");
}
