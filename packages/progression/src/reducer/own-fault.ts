import type { RolloutState } from "./state.ts";
import type { Step } from "./step.ts";
import { step, withPass } from "./step.ts";

/** Ticks in a row without a fault, after which it is over. */
const OVER_TICKS = 3;

/** Holds: whoever feeds the rollout had a fault, and what it did not say is not known. */
export function takeFault(state: RolloutState): Step {
  return step(
    withPass(state, (pass) => ({
      ...pass,
      conditions: {
        ...pass.conditions,
        fault: { since: pass.conditions.fault?.since ?? state.now, good: 0 },
      },
    })),
  );
}

/** A tick began. Those that no fault follows end the hold. */
export function passTick(state: RolloutState): Step {
  return step(
    withPass(state, (pass) => {
      const { fault, ...conditions } = pass.conditions;
      if (fault === undefined) return pass;
      // The tick after a fault has not shown yet that it has none itself.
      const good = fault.good + 1;
      return good > OVER_TICKS
        ? { ...pass, conditions }
        : { ...pass, conditions: { ...conditions, fault: { ...fault, good } } };
    }),
  );
}
