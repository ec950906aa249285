import { freezeEndsAt, isFrozen } from "../plan/freeze.ts";
import { holdLeftMs } from "./clock.ts";
import {
  delayOf,
  isBlind,
  missing,
  requiredSignals,
  requiredSources,
  staleAfterMs,
} from "./freshness.ts";
import type { ExposedPhase, HeldReason, Pass } from "./phase.ts";
import { HELD_REASONS, isExposed } from "./phase.ts";
import type { Raise, RolloutState, WatchedSignal } from "./state.ts";
import { judgementOf } from "./verdicts.ts";

/** Windows of legacy that come before the first stage. */
export const WARM_WINDOWS = 20;

/** Why a rollout does not go further. */
export type Blocker =
  | { readonly kind: "held"; readonly reason: HeldReason }
  | { readonly kind: "paused" }
  | { readonly kind: "raising" }
  | { readonly kind: "propagating" }
  /** Signals that are missing or stale; `""` is the traffic itself. `isFirst`: none was due in this stage yet. */
  | {
      readonly kind: "missing";
      readonly signals: readonly string[];
      readonly isFirst?: boolean;
    }
  | { readonly kind: "warming-up"; readonly windows: number }
  /** The store was not read of late, or has another value than the plan asks for. */
  | { readonly kind: "store" }
  /** What is left of the freeze; `null` where its end cannot be told. */
  | { readonly kind: "freeze"; readonly leftMs: number | null }
  /** By the rate of this stage so far; `leftMs` is `null` where there is no rate yet. */
  | {
      readonly kind: "requests";
      readonly have: number;
      readonly need: number;
      readonly leftMs: number | null;
    }
  /** Signals of which nothing was compared in this stage, or less than the plan asks for. */
  | { readonly kind: "thin"; readonly signals: readonly string[] }
  | { readonly kind: "not-proven"; readonly signals: readonly string[] }
  | { readonly kind: "hold"; readonly leftMs: number }
  | { readonly kind: "approval"; readonly stage: number };

export type BlockerKind = Blocker["kind"];

/** All that is there of the reasons to hold, the most important first. */
export function heldReasons(pass: Pass): readonly HeldReason[] {
  return HELD_REASONS.filter((reason) =>
    reason === "breach" ? hasBreach(pass) : pass.conditions[reason] !== undefined,
  );
}

function hasBreach({ breaches }: Pass): boolean {
  return Object.keys(breaches).length > 0;
}

/** All that keeps the next stage away, the most important first. */
export function blockersOf(state: RolloutState): readonly Blocker[] {
  const { phase } = state;
  if (phase.name === "warming-up") return warmUpBlockers(state);
  if (!isExposed(phase) || phase.name === "completed") return [];
  return [
    ...heldReasons(phase.pass).map((reason): Blocker => ({ kind: "held", reason })),
    ...presentBlockers(state, phase),
    ...evidenceBlockers(state, phase.pass),
    ...patienceBlockers(state, phase.pass),
  ];
}

/** Whether anything keeps the next stage away. What is known without looking at evidence is asked first. */
export function isBlocked(state: RolloutState): boolean {
  const { phase, rules, now } = state;
  if (!isExposed(phase)) return blockersOf(state).length > 0;
  return (
    holdLeftMs(state, phase.pass) > 0 ||
    awaitsApproval(state, phase.pass) ||
    isFrozen(rules.freeze, now) ||
    blockersOf(state).length > 0
  );
}

/** Whether the stage asks for an approval that was not given. */
export function awaitsApproval({ rules }: RolloutState, { stage, approved }: Pass): boolean {
  return !approved && (rules.stages[stage]?.approval ?? false);
}

function warmUpBlockers(state: RolloutState): readonly Blocker[] {
  const { baseline, rules, now, sources } = state;
  const to = sources[rules.source]?.to ?? 0;
  const oldest = now - 4 * rules.windowMs - delayOf(rules, rules.source);
  return [
    ...(baseline < WARM_WINDOWS ? [{ kind: "warming-up", windows: baseline } as const] : []),
    ...(to < oldest || isBlind(state, rules.source)
      ? [{ kind: "missing", signals: [""] } as const]
      : []),
    ...storeBlockers(state, 0),
    ...freezeBlockers(state),
  ];
}

function presentBlockers(state: RolloutState, { name, pass }: ExposedPhase): readonly Blocker[] {
  return [
    ...(name === "paused" ? [{ kind: "paused" } as const] : []),
    ...(pass.arrivedAt === null ? [{ kind: "propagating" } as const] : []),
    ...storeBlockers(state, pass.pct),
    ...freezeBlockers(state),
  ];
}

/** A raise begins from what was seen of late, and one raise at a time is under way. */
function storeBlockers(
  { store, now, rules, raise }: RolloutState,
  pct: number,
): readonly Blocker[] {
  const oldestMs = Math.max(60_000, 4 * rules.windowMs);
  const isSeen = store !== null && store.pct === pct && store.at >= now - oldestMs;
  return [
    ...(isUnderWay(raise, now, rules.windowMs) ? [{ kind: "raising" } as const] : []),
    ...(isSeen ? [] : [{ kind: "store" } as const]),
  ];
}

/** One that was not written is asked for again after a window. */
function isUnderWay(raise: Raise | null, now: number, windowMs: number): boolean {
  return raise !== null && (!raise.failed || now - raise.at < windowMs);
}

function freezeBlockers({ rules, now }: RolloutState): readonly Blocker[] {
  if (!isFrozen(rules.freeze, now)) return [];
  const endsAt = freezeEndsAt(rules.freeze, now);
  return [{ kind: "freeze", leftMs: endsAt === null ? null : endsAt - now }];
}

function evidenceBlockers(state: RolloutState, pass: Pass): readonly Blocker[] {
  const { rules } = state;
  const absent = missing(state, pass);
  const isFirst = isBeforeFirst(state, pass, absent);
  const judged = requiredSignals(rules, pass.pct).map((watched) => ({
    watched,
    verdict: judgementOf(state, pass, watched)?.verdict ?? null,
  }));
  const isProofAsked = rules.advance === "proven" && pass.pct < 100;
  const named = (isNamed: (one: Judged) => boolean): string[] =>
    judged.filter(isNamed).map(({ watched }) => watched.name);
  const thin = named(isThin);
  const unproven = named(({ verdict }) => isProofAsked && verdict !== "not-worse");
  return [
    ...(judged.some(({ verdict }) => verdict === "worse") && !hasBreach(pass)
      ? [{ kind: "held", reason: "breach" } as const]
      : []),
    ...(absent.length > 0 ? [{ kind: "missing", signals: absent, isFirst } as const] : []),
    ...requestBlockers(state, pass),
    ...(thin.length > 0 ? [{ kind: "thin", signals: thin } as const] : []),
    ...(unproven.length > 0 ? [{ kind: "not-proven", signals: unproven } as const] : []),
  ];
}

/** Whether what is absent is not late: the first window of a stage ends some time after its write. */
function isBeforeFirst(state: RolloutState, pass: Pass, absent: readonly string[]): boolean {
  const { rules, now } = state;
  const sources = requiredSources(state);
  const delayMs = Math.max(...sources.map((source) => staleAfterMs(rules, source)));
  return (
    now <= pass.writtenAt + rules.windowMs + delayMs &&
    absent.every((name) => pass.seen[name] === undefined) &&
    !sources.some((source) => isBlind(state, source))
  );
}

interface Judged {
  readonly watched: WatchedSignal;
  /** `null`: nothing was compared in this stage. */
  readonly verdict: string | null;
}

/** Nothing compared is no evidence at all; few trials are too few only where the plan says how many. */
function isThin({ watched, verdict }: Judged): boolean {
  return verdict === null || (watched.minTrials !== null && verdict === "insufficient");
}

function requestBlockers({ rules }: RolloutState, pass: Pass): readonly Blocker[] {
  const { requests: have, windows, stage } = pass;
  const need = rules.stages[Math.max(0, stage)]?.minRequests ?? 0;
  if (have >= need) return [];
  const perMs = windows > 0 ? have / (windows * rules.windowMs) : 0;
  const leftMs = perMs > 0 ? Math.ceil((need - have) / perMs) : null;
  return [{ kind: "requests", have, need, leftMs }];
}

function patienceBlockers(state: RolloutState, pass: Pass): readonly Blocker[] {
  const leftMs = holdLeftMs(state, pass);
  return [
    ...(leftMs > 0 ? [{ kind: "hold", leftMs } as const] : []),
    ...(awaitsApproval(state, pass) ? [{ kind: "approval", stage: pass.stage + 1 } as const] : []),
  ];
}
