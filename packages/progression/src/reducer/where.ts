import type { Blocker, BlockerKind } from "./advance.ts";
import { WARM_WINDOWS } from "./advance.ts";
import type { ExposedPhase, Phase, PhaseName } from "./phase.ts";
import { isExposed } from "./phase.ts";
import type { RollbackPhase } from "./rollback.ts";
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
  "rolled-back": ({ rollback }, { store }) => {
    const value = store === null || store.pct === 0 ? "" : ` Since then someone set ${store.pct}%.`;
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
const WAITS: Readonly<Record<Exclude<BlockerKind, "held">, string>> = {
  paused: "an operator's resume",
  raising: "the result of the write",
  propagating: "every gateway to decide by the new percentage",
  missing: "fresh evidence",
  "warming-up": `${WARM_WINDOWS} windows of legacy`,
  store: "the store to be read with the percentage that the plan asks for",
  freeze: "the end of the freeze",
  requests: "more requests on EdgeZero",
  thin: "more requests on both paths",
  "not-proven": "proof that EdgeZero is within the margin",
  hold: "the rest of the hold",
  approval: "an operator's approval",
};

const ENDS: Readonly<Record<RollbackPhase["name"], string>> = {
  "rolling-back": "gateways to decide by the 0",
  "rolled-back": "an operator's reset",
  "rollback-unverified": "proof that no client gets EdgeZero, or an operator's reset",
};

/** What a rollout waits for next, without a full stop. */
export function describeWait({ phase }: RolloutState, blocker: Blocker | undefined): string {
  if ("rollback" in phase) return ENDS[phase.name];
  if (blocker !== undefined) {
    return blocker.kind === "held" ? HELD_UNTIL[blocker.reason] : WAITS[blocker.kind];
  }
  if (phase.name === "idle") return "an operator's start";
  if (phase.name === "completed") return "an operator's reset";
  return isExposed(phase) ? "the next event, to go further" : "the next event, to begin";
}
