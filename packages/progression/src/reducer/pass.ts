import { errorsSignal } from "./errors-signal.ts";
import type { Pass } from "./phase.ts";
import type { Raise, RolloutState, WatchedSignal } from "./state.ts";
import { isExposed } from "./phase.ts";

/** The name of a pass in its evidence. */
export function stageName({ number, pct }: Pass): string {
  return `${number}: ${pct}%`;
}

/** While legacy is down, slowness and timeouts say nothing; what they said then must not count later. */
export function isHeard(
  state: RolloutState,
  { conditions }: Pass,
  { name }: WatchedSignal,
): boolean {
  const isDown = conditions["legacy-down"] !== undefined || conditions.incident !== undefined;
  return !isDown || name === errorsSignal(state)?.name;
}

type Begin = Pick<Pass, "stage" | "pct" | "before" | "epoch">;

function emptyPass(state: RolloutState, begin: Begin): Pass {
  return {
    ...begin,
    number: state.passes + 1,
    writtenAt: state.now,
    arrivedAt: null,
    carried: { all: 0, carrying: 0 },
    clockMs: 0,
    approved: false,
    requests: 0,
    windows: 0,
    share: null,
    instances: null,
    conditions: {},
    breaches: {},
    seen: {},
    over: 0,
    clients: [],
  };
}

/** The stage's write is done. What holds the rollout goes on holding it, and so does a pause. */
export function beginStage(state: RolloutState, raise: Raise, epoch: string | null): RolloutState {
  const { stage, from, pct } = raise;
  const pass = emptyPass(state, { stage, pct, before: from, epoch });
  const next = { ...state, raise: null, passes: state.passes + 1 };
  const { phase } = state;
  if (!isExposed(phase)) return { ...next, phase: { name: "propagating", pass } };
  const { propagation: _, ...conditions } = phase.pass.conditions;
  const { breaches } = phase.pass;
  return { ...next, phase: { ...phase, pass: { ...pass, conditions, breaches } } };
}

/** Someone else wrote another percentage: verdicts go on as a new stage, and nothing else does. */
export function beginDrift(state: RolloutState, pct: number, epoch: string | null): RolloutState {
  const stage = state.rules.stages.findLastIndex((other) => other.pct <= pct);
  const pass = emptyPass(state, { stage, pct, before: null, epoch });
  const { phase, now } = state;
  const before = isExposed(phase) ? phase.pass : pass;
  const { propagation: _, ...others } = before.conditions;
  const conditions = { ...others, drifted: { since: now, good: 0 } };
  const drifted = { ...pass, conditions, breaches: before.breaches };
  const next = { ...state, raise: null, passes: state.passes + 1 };
  return phase.name === "paused"
    ? { ...next, phase: { name: "paused", pass: drifted } }
    : { ...next, phase: { name: "held", reason: "drifted", pass: drifted } };
}
