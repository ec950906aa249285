import { isFrozen } from "../plan/freeze.ts";
import type { Effect } from "./effect.ts";
import { holdLeftMs } from "./clock.ts";
import { missing } from "./freshness.ts";
import type { ExposedPhase, HeldReason, Pass } from "./phase.ts";
import type { Raise, RolloutState } from "./state.ts";
import { HELD_REASONS, isExposed } from "./phase.ts";
import type { Step } from "./step.ts";
import { step } from "./step.ts";
import { judgementOf } from "./verdicts.ts";

/** Windows of legacy that come before the first stage. */
export const WARM_WINDOWS = 20;

/** Why a rollout does not go further. */
export type Blocker =
  | { readonly kind: "held"; readonly reason: HeldReason }
  | { readonly kind: "paused" }
  | { readonly kind: "raising" }
  | { readonly kind: "propagating" }
  /** Signals that are missing or stale; `""` is the traffic itself. */
  | { readonly kind: "missing"; readonly signals: readonly string[] }
  | { readonly kind: "warming-up"; readonly windows: number }
  /** The store was not read of late, or has another value than the plan asks for. */
  | { readonly kind: "store" }
  | { readonly kind: "freeze" }
  | { readonly kind: "requests"; readonly have: number; readonly need: number }
  | { readonly kind: "thin"; readonly signals: readonly string[] }
  | { readonly kind: "not-proven"; readonly signals: readonly string[] }
  | { readonly kind: "hold"; readonly leftMs: number }
  | { readonly kind: "approval"; readonly stage: number };

export type BlockerKind = Blocker["kind"];

/** All that is there of the reasons to hold, the most important first. */
export function heldReasons({ conditions, breaches }: Pass): readonly HeldReason[] {
  const hasBreach = Object.keys(breaches).length > 0;
  return HELD_REASONS.filter((reason) =>
    reason === "breach" ? hasBreach : conditions[reason] !== undefined,
  );
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

function warmUpBlockers(state: RolloutState): readonly Blocker[] {
  const { baseline, rules, now, sources } = state;
  const to = sources[rules.source]?.to ?? 0;
  return [
    ...(baseline < WARM_WINDOWS ? [{ kind: "warming-up", windows: baseline } as const] : []),
    ...(to < now - 4 * rules.windowMs ? [{ kind: "missing", signals: [""] } as const] : []),
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
  return isFrozen(rules.freeze, now) ? [{ kind: "freeze" }] : [];
}

function evidenceBlockers(state: RolloutState, pass: Pass): readonly Blocker[] {
  const { rules } = state;
  const absent = missing(state, pass);
  const need = rules.stages[Math.max(0, pass.stage)]?.minRequests ?? 0;
  const judged = rules.signals
    .filter(({ required, ceiling }) => required && (pass.pct < 100 || ceiling !== null))
    .map((watched) => ({ watched, judgement: judgementOf(state, pass, watched) }));
  const worse = judged.some(({ judgement }) => judgement?.verdict === "worse");
  const thin = judged
    .filter(
      ({ watched, judgement }) =>
        watched.minTrials !== null && (judgement === null || judgement.verdict === "insufficient"),
    )
    .map(({ watched }) => watched.name);
  const isProofAsked = rules.advance === "proven" && pass.pct < 100;
  const unproven = judged
    .filter(({ judgement }) => isProofAsked && judgement?.verdict !== "not-worse")
    .map(({ watched }) => watched.name);
  return [
    ...(worse ? [{ kind: "held", reason: "breach" } as const] : []),
    ...(absent.length > 0 ? [{ kind: "missing", signals: absent } as const] : []),
    ...(pass.requests < need ? [{ kind: "requests", have: pass.requests, need } as const] : []),
    ...(thin.length > 0 ? [{ kind: "thin", signals: thin } as const] : []),
    ...(unproven.length > 0 ? [{ kind: "not-proven", signals: unproven } as const] : []),
  ];
}

function patienceBlockers(state: RolloutState, pass: Pass): readonly Blocker[] {
  const leftMs = holdLeftMs(state, pass);
  const isOpen = (state.rules.stages[pass.stage]?.approval ?? false) && !pass.approved;
  return [
    ...(leftMs > 0 ? [{ kind: "hold", leftMs } as const] : []),
    ...(isOpen ? [{ kind: "approval", stage: pass.stage + 1 } as const] : []),
  ];
}

/** Goes at most one stage further, where nothing keeps it back. */
export function advance(state: RolloutState): Step {
  const { phase, rules } = state;
  if (phase.name !== "warming-up" && phase.name !== "observing") return step(state);
  if (blockersOf(state).length > 0) return step(state);
  const index = phase.name === "observing" ? phase.pass.stage + 1 : 0;
  const from = phase.name === "observing" ? phase.pass.pct : 0;
  const next = rules.stages[index];
  if (next === undefined) {
    if (phase.name !== "observing") return step(state);
    return step({ ...state, phase: { name: "completed", pass: phase.pass } });
  }
  const id = `raise-${state.writes + 1}`;
  const raise: Raise = { id, stage: index, from, pct: next.pct, at: state.now, failed: false };
  const effect: Effect = { type: "raise", id, from, pct: next.pct };
  return step({ ...state, raise, writes: state.writes + 1 }, effect);
}
