import type { Blocker, BlockerKind } from "./blockers.ts";
import { spanText } from "../plan/span.ts";
import { WARM_WINDOWS } from "./blockers.ts";
import { windowsUntilOver } from "./conditions.ts";
import type { ExposedPhase, Phase, PhaseName } from "./phase.ts";
import { isExposed } from "./phase.ts";
import type { RollbackPhase } from "./rollback.ts";
import { storeSince } from "./rollback.ts";
import { describeCause, HELD_UNTIL } from "./sentences.ts";
import type { RolloutState } from "./state.ts";

/** The shape of a state by its name, where some states share one shape. */
type PhaseOf<Name extends PhaseName, Shape extends Phase = Phase> = Shape extends Phase
  ? Name extends Shape["name"]
    ? Shape
    : never
  : never;

const SENTENCES: {
  readonly [Name in PhaseName]: (phase: PhaseOf<Name>, state: RolloutState) => string;
} = {
  idle: (_, { store }) =>
    store === null || store.pct === 0
      ? "Idle: no rollout is under way."
      : `Idle: no rollout is under way. Someone else set ${store.pct}%.`,
  "warming-up": () => "Warming up at 0%: learning how legacy fails.",
  propagating: (phase, state) => `${rail(phase, state)}: the write is on its way.`,
  observing: (phase, state) => `${rail(phase, state)}: observing.`,
  held: (phase, state) => `${rail(phase, state)}: held.`,
  "awaiting-approval": (phase, state) => `${rail(phase, state)}: waiting for an approval.`,
  paused: (phase, state) => `${rail(phase, state)}: paused. Verdicts go on, and can roll back.`,
  "rolling-back": ({ rollback }) =>
    rollback.writtenAt === null
      ? `Rolling back: 0 is not written yet. ${describeCause(rollback.cause)}`
      : `Rolling back: 0 is written and not proven yet. ${describeCause(rollback.cause)}`,
  "rolled-back": ({ rollback }, state) => {
    const pct = storeSince(state, rollback)?.pct ?? 0;
    const value = pct === 0 ? "" : ` Since then someone set ${pct}%.`;
    return `Rolled back. ${describeCause(rollback.cause)}${value}`;
  },
  "rollback-unverified": ({ rollback }) =>
    `Rolled back, but clients may still get EdgeZero. ${describeCause(rollback.cause)}`,
  completed: ({ pass }) => `Completed at ${pass.pct}%: nothing is guarded any more.`,
};

function rail({ pass }: ExposedPhase, { rules }: RolloutState): string {
  const { stage, pct } = pass;
  return stage < 0
    ? `Below the first stage, at ${pct}%`
    : `Stage ${stage + 1} of ${rules.stages.length}, at ${pct}%`;
}

/** Where a rollout is, as a sentence. */
export function describeWhere(state: RolloutState): string {
  const { phase } = state;
  type Sentence = (phase: Phase, state: RolloutState) => string;
  return (SENTENCES[phase.name] as Sentence)(phase, state);
}

/** What ends each reason not to go further. */
const WAITS: Readonly<Record<Exclude<BlockerKind, "held" | "warming-up">, string>> = {
  paused: "an operator's resume",
  raising: "the result of the write",
  propagating: "every gateway to decide by the new percentage",
  missing: "fresh evidence",
  store: "the store to be read with the percentage that the plan asks for",
  freeze: "the end of the freeze",
  requests: "more requests on EdgeZero",
  thin: "enough requests on both paths to judge each signal",
  "not-proven": "proof that EdgeZero is within the margin",
  hold: "the rest of the stage's time",
  approval: "an operator's approval",
};

const ENDS: Readonly<Record<RollbackPhase["name"], string>> = {
  "rolling-back": "gateways to decide by the 0",
  "rolled-back": "an operator's reset",
  "rollback-unverified": "proof that no client gets EdgeZero, or an operator's reset",
};

/** What a rollout waits for next, without a full stop. */
export function describeWait(state: RolloutState, blocker: Blocker | undefined): string {
  const { phase } = state;
  if ("rollback" in phase) return ENDS[phase.name];
  if (blocker !== undefined) return endOf(blocker, state);
  if (phase.name === "idle") return "an operator's start";
  if (phase.name === "completed") return "an operator's reset";
  return isExposed(phase) ? "the next event, to go further" : "the next event, to begin";
}

/** What ends a reason not to go further. */
function endOf(blocker: Blocker, { rules: { windowMs } }: RolloutState): string {
  const windows = (count: number): string => `${count} windows (${spanText(count * windowMs)})`;
  if (blocker.kind === "warming-up") return `${windows(WARM_WINDOWS)} of legacy`;
  if (blocker.kind === "missing" && blocker.isFirst === true) return "the stage's first window";
  if (blocker.kind !== "held") return WAITS[blocker.kind];
  const [until, count] = [HELD_UNTIL[blocker.reason], windowsUntilOver(blocker.reason)];
  return count === 1 ? until : `${until} for ${windows(count)}`;
}
