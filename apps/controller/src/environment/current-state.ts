import { messageOf } from "@edgezero/faults/faults";
import type { Effect, RolloutEvent, RolloutState } from "@edgezero/progression";
import { reduce } from "@edgezero/progression";
import type { OwnFaults } from "../loop/own-faults.ts";
import { withPlan } from "./load-rollout.ts";

/** The one state of a rollout, and the only way in which it changes. */
export interface CurrentState {
  state(): RolloutState;
  /** Why the rollout cannot take events at all; `null` while it can. */
  broken(): string | null;
  /** Reduces an event, and has what follows of it performed. Never throws. */
  take(event: RolloutEvent, reason?: string | null): readonly Effect[];
}

/** Settings of {@link createCurrentState}. */
export interface CurrentStateOptions {
  readonly first: RolloutState;
  /** The rollout by the plan of the config, taken over where none is under way. */
  readonly fresh: RolloutState;
  readonly faults: OwnFaults;
  /** Takes secrets out of a text. */
  readonly safe: (text: string) => string;
  /** Events that come when this is false are dropped. */
  readonly isTaken: (event: RolloutEvent) => boolean;
  /** @param reason An operator's, for the trail. */
  readonly perform: (effect: Effect, reason: string | null) => void;
  readonly onChange: () => void;
}

export function createCurrentState(options: CurrentStateOptions): CurrentState {
  const { fresh, faults, safe, isTaken, perform, onChange } = options;
  let state = options.first;
  let broken: string | null = null;

  function reduced(event: RolloutEvent): readonly Effect[] {
    try {
      const step = reduce(state, event);
      state = withPlan(step.state, fresh);
      if (event.type === "faulted") broken = null;
      return step.effects;
    } catch (error) {
      // Where even a fault cannot be taken, nothing can be held by it: the view says so instead.
      if (event.type === "faulted") broken = safe(messageOf(error));
      else faults.report("event", error);
      return [];
    }
  }

  return {
    state: () => state,
    broken: () => broken,
    take(event, reason = null) {
      if (!isTaken(event)) return [];
      const effects = reduced(event);
      for (const effect of effects) faults.guard("effect", () => perform(effect, reason));
      onChange();
      return effects;
    },
  };
}
