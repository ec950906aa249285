import { advance } from "./advance.ts";
import { noteAsked } from "./blindness.ts";
import { advanceTime } from "./clock.ts";
import { takeCommand } from "./commands.ts";
import type { Effect } from "./effect.ts";
import type { EventOf, EventType, RolloutEvent } from "./event.ts";
import { takeEvidence } from "./intake.ts";
import { passTick, takeFault } from "./own-fault.ts";
import { page } from "./pages.ts";
import { checkPropagation, takeProbes } from "./propagation.ts";
import { pursueRaise, takeRaised } from "./raise.ts";
import { readEvent } from "./read-event.ts";
import { pursueRollback, takeProved, takeZeroed } from "./rollback.ts";
import { settle } from "./settle.ts";
import type { RolloutState } from "./state.ts";
import type { Step } from "./step.ts";
import { follow, step } from "./step.ts";
import { takeStore } from "./store-reads.ts";
import { pursueBreaches } from "./verdicts.ts";

type Take<Type extends EventType> = (state: RolloutState, event: EventOf<Type>) => Step;

const TAKE: { readonly [Type in EventType]: Take<Type> } = {
  tick: passTick,
  faulted: takeFault,
  evidence: takeEvidence,
  "evidence-failed": (state, { source }) => noteAsked(state, source, null),
  store: takeStore,
  probes: takeProbes,
  command: takeCommand,
  raised: takeRaised,
  zeroed: takeZeroed,
  proved: takeProved,
};

/**
 * Takes one event: the only way in which a rollout changes. Pure and total: the same events lead to the
 * same bytes, and data that is no event changes nothing. At most one stage is gone further.
 */
export function reduce(state: RolloutState, event: RolloutEvent): Step {
  const read = readEvent(event);
  if (read === null) return step(state);
  const later = advanceTime(state, read.at);
  const taken = (TAKE[read.type] as Take<EventType>)(later, read);
  const pursued = follow(follow(taken, pursueBreaches), pursueRollback);
  const settled = follow(pursued, (next) => step(settle(checkPropagation(pursueRaise(next)))));
  return follow(follow(follow(settled, advance), page), (next) =>
    step(next, ...moved(state, next)),
  );
}

function moved({ phase: before }: RolloutState, { phase: after }: RolloutState): Effect[] {
  const reason = after.name === "held" ? after.reason : null;
  const reasonBefore = before.name === "held" ? before.reason : null;
  if (before.name === after.name && reason === reasonBefore) return [];
  return [{ type: "moved", from: before.name, to: after.name, reason }];
}
