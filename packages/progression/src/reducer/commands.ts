import { COMMAND_TABLE } from "./commands-table.ts";
import type { BlockerKind } from "./blockers.ts";
import { blockersOf } from "./blockers.ts";
import type { Command, CommandName, EventOf } from "./event.ts";
import { withNewEvidence, withoutEarlier } from "./initial-state.ts";
import { beginRollback, isRollback, storeSince } from "./rollback.ts";
import { describeBlocker } from "./sentences.ts";
import type { Pass } from "./phase.ts";
import type { RolloutState } from "./state.ts";
import { isExposed } from "./phase.ts";
import { promoteCondition } from "./promote-condition.ts";
import type { Step } from "./step.ts";
import { step, withPass } from "./step.ts";
import { describeWait } from "./where.ts";

/** Either what a command does, or why not and what to do instead. */
type Outcome = { readonly done: Step; readonly sentence: string } | { readonly refused: string };

/** Takes or refuses a command, and answers it in either case. */
export function takeCommand(state: RolloutState, { command }: EventOf<"command">): Step {
  const row = COMMAND_TABLE[state.phase.name];
  const { name, keep, by } = command;
  const refused = row[name === "reset" && keep ? "reset --keep" : name];
  const outcome = refused === null ? RUN[name](state, command) : { refused };
  const accepted = "done" in outcome;
  const sentence = accepted ? outcome.sentence : outcome.refused;
  const after = accepted ? outcome.done : step(state);
  // The answer comes last: a rollback's write waits for nothing.
  const answer = { type: "answer", command: name, by, accepted, sentence } as const;
  return { state: after.state, effects: [...after.effects, answer] };
}

const RUN: Readonly<Record<CommandName, (state: RolloutState, command: Command) => Outcome>> = {
  start: (state) => {
    const { store } = state;
    if (store === null) return { refused: "The store was not read yet. Try again in a moment." };
    if (store.pct !== 0) {
      return { refused: `The store has ${store.pct}%. Roll back to 0 before the plan starts.` };
    }
    return done({ ...state, phase: { name: "warming-up" } }, "The rollout starts.");
  },
  pause: (state) =>
    isExposed(state.phase)
      ? done(
          { ...state, phase: { name: "paused", pass: state.phase.pass } },
          "Paused. Verdicts go on, and can roll back.",
        )
      : { refused: "Nothing is exposed." },
  resume,
  approve: (state, { stage }) => {
    const { phase, rules } = state;
    if (!isExposed(phase)) return { refused: "Nothing is exposed." };
    const present = phase.pass.stage + 1;
    if (present === 0) {
      const later = laterApproval(state, present);
      return {
        refused: `The rollout is below its first stage: nothing is to be approved yet. ${later}`,
      };
    }
    if (stage !== present) {
      return { refused: `The rollout is at stage ${present}: name that one to approve it.` };
    }
    if (rules.stages[present - 1]?.approval !== true) {
      return { refused: `Stage ${present} asks for no approval. ${laterApproval(state, present)}` };
    }
    if (phase.pass.conditions.drifted !== undefined) {
      return { refused: "The store has another value than the plan asks for. Resume first." };
    }
    const approved = withPass(state, (pass) => ({ ...pass, approved: true }));
    return done(approved, `Stage ${present} is approved.`);
  },
  promote,
  rollback: (state, { by }) => ({
    done: beginRollback(state, { kind: "operator", by }),
    sentence: "Rolling back to 0.",
  }),
  reset,
};

function done(state: RolloutState, sentence: string): Outcome {
  return { done: step(state), sentence };
}

/** Which stage can be approved later. */
function laterApproval({ rules }: RolloutState, present: number): string {
  const index = rules.stages.findIndex((stage, at) => at >= present && stage.approval);
  return index === -1
    ? "No later stage asks for one."
    : `Stage ${index + 1} asks for one: approve it once the rollout is there.`;
}

/** Ends a pause. After a drift it goes on at the last stage that is not above the value, hold anew. */
function resume(state: RolloutState): Outcome {
  const { phase } = state;
  if (!isExposed(phase)) return { refused: "Nothing is exposed." };
  const { drifted, ...conditions } = phase.pass.conditions;
  const { pass } = phase;
  if (drifted !== undefined) {
    const resumed = { ...pass, conditions, clockMs: 0, approved: false };
    const sentence = `The rollout goes on from ${pass.pct}%, with the stage's time begun again.`;
    return done({ ...state, phase: { name: "observing", pass: resumed } }, sentence);
  }
  if (phase.name !== "paused") {
    const wait = describeWait(state, blockersOf(state)[0]);
    return { refused: `Nothing to resume: the rollout waits for ${wait}.` };
  }
  return done({ ...state, phase: { name: "observing", pass } }, "The rollout goes on.");
}

/** What a promotion skips: the rest of the stage's time. An approval is asked for all the same. */
const SKIPPED: ReadonlySet<BlockerKind> = new Set(["hold", "approval"]);

function promote(state: RolloutState): Outcome {
  const blocker = blockersOf(state).find(({ kind }) => !SKIPPED.has(kind));
  if (blocker !== undefined) {
    const condition = promoteCondition(describeWait(state, blocker));
    return { refused: `${describeBlocker(blocker)} ${condition}` };
  }
  const promoted = withPass(state, (pass) => ({
    ...pass,
    clockMs: Math.max(pass.clockMs, state.rules.stages[pass.stage]?.holdMs ?? 0),
  }));
  return done(promoted, "The rest of the stage's time is skipped.");
}

function reset(state: RolloutState, { keep, reason }: Command): Outcome {
  if (keep) {
    const restarted = withPass(withNewEvidence(state), (pass) => restartPass(pass, state.now));
    return done(restarted, "A new build at the same stage: its evidence and its time begin again.");
  }
  const isReasonAsked = state.phase.name === "rollback-unverified";
  if (isReasonAsked && (reason ?? "").trim() === "") {
    return { refused: "The rollback is not verified. Give a reason to take it over." };
  }
  const idle = {
    ...withoutEarlier(withNewEvidence(state)),
    raise: null,
    // A value from before the rollback is nobody's.
    store: isRollback(state.phase) ? storeSince(state, state.phase.rollback) : state.store,
    phase: { name: "idle" } as const,
  };
  return done(idle, "The rollout is idle, with no evidence.");
}

/** Windows that began before belong to the old build. */
function restartPass(pass: Pass, now: number): Pass {
  return {
    ...pass,
    writtenAt: now,
    clockMs: 0,
    approved: false,
    requests: 0,
    windows: 0,
    share: null,
    breaches: {},
    seen: {},
    clients: [],
  };
}
