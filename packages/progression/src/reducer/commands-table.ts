import type { CommandName } from "./event.ts";
import type { PhaseName } from "./phase.ts";

/** Commands as the table has them: `reset` with `keep` is another command in all but its name. */
export type TableCommand = CommandName | "reset --keep";

/** Why a command is refused in a state and what to do instead, or `null` where it is taken. */
export type Row = Readonly<Record<TableCommand, string | null>>;

const NOTHING_EXPOSED = "No rollout is under way. Begin one with start.";
const STARTED = "The rollout has started already. To begin again, roll back, then reset it.";
const NOT_PAUSED = "The rollout is not paused: nothing has to be resumed.";
const ROLL_BACK_FIRST =
  "Clients are on EdgeZero. Roll back first, or reset with keep for a new build.";
const NOT_ARRIVED = "The write has not reached every gateway yet. Wait until it has arrived.";
const ROLLING_BACK = "The rollout is going back to 0. Wait until that is done.";
const ROLLED_BACK = "The rollout was rolled back. Reset it, then start again.";
const UNVERIFIED =
  "The rollback is not verified. Wait until it is, or reset with a reason to take it over.";
const COMPLETED = "The rollout is complete. Reset it to begin another one.";
const WARMING_UP =
  "Nothing is exposed yet: the rollout is learning from legacy. Wait for its first stage, or reset it.";

/** What every exposed state takes, but for what it says itself. */
const EXPOSED: Row = {
  start: STARTED,
  pause: null,
  resume: NOT_PAUSED,
  approve: null,
  promote: null,
  rollback: null,
  reset: ROLL_BACK_FIRST,
  "reset --keep": null,
};

function refusing(sentence: string): Omit<Row, "rollback"> {
  return {
    start: sentence,
    pause: sentence,
    resume: sentence,
    approve: sentence,
    promote: sentence,
    reset: sentence,
    "reset --keep": sentence,
  };
}

/** States by commands. `null`: taken, unless a finer rule refuses it. A rollback is taken everywhere. */
export const COMMAND_TABLE: Readonly<Record<PhaseName, Row>> = {
  idle: { ...refusing(NOTHING_EXPOSED), start: null, rollback: null },
  "warming-up": {
    ...refusing(WARMING_UP),
    start: "The rollout has started already. To begin again, reset it.",
    rollback: null,
    reset: null,
  },
  propagating: { ...EXPOSED, promote: NOT_ARRIVED },
  observing: EXPOSED,
  held: {
    ...EXPOSED,
    // Only a drift waits for an operator; everything else ends by itself.
    resume: null,
  },
  "awaiting-approval": {
    ...EXPOSED,
    resume: "The rollout is not paused. It waits for an approval: approve its stage.",
    promote: "The stage's time is over. It waits for an approval: approve its stage.",
  },
  paused: {
    ...EXPOSED,
    pause: "The rollout is paused already. Resume it to go on.",
    resume: null,
    promote: "The rollout is paused. Resume it first.",
  },
  "rolling-back": { ...refusing(ROLLING_BACK), rollback: null },
  "rolled-back": { ...refusing(ROLLED_BACK), rollback: null, reset: null },
  "rollback-unverified": { ...refusing(UNVERIFIED), rollback: null, reset: null },
  completed: { ...refusing(COMPLETED), pause: null, rollback: null, reset: null },
};
