import type { EventOf, EvidenceWindow } from "./event.ts";
import { delayOf } from "./freshness.ts";
import type { Carried, Pass } from "./phase.ts";
import type { RolloutState, Rules } from "./state.ts";
import { isExposed } from "./phase.ts";
import type { Step } from "./step.ts";
import { step, withPass } from "./step.ts";

/** From when on a write without an answer is not waited for any more, in milliseconds. */
export function lostAfterMs({ propagationMs }: Pick<Rules, "propagationMs">): number {
  return Math.max(60_000, 2 * propagationMs);
}

/**
 * How long after a write gateways are late, in milliseconds: twice what the store needs. Where decisions
 * show it, they are told of later, by what their source needs.
 */
export function lateAfterMs(rules: Rules): number {
  return 2 * rules.propagationMs + (rules.probes ? 0 : delayOf(rules, rules.source));
}

/** Decisions that show by themselves whether a write has arrived. */
export const ENOUGH_DECISIONS = 100;
/** The part of them that must carry the new epoch. */
const ARRIVED = 0.99;

/**
 * Counts decisions in blocks of at least a hundred. A block that shows no arrival is forgotten, so that
 * old decisions never outweigh new ones.
 */
export function countCarried(before: Carried, all: number, carrying: number): Carried {
  const isFull = before.all >= ENOUGH_DECISIONS;
  return isFull
    ? { all, carrying }
    : { all: before.all + all, carrying: before.carrying + carrying };
}

export function decisionsOf({ decisions }: EvidenceWindow): number {
  return Object.values(decisions).reduce((sum, count) => sum + count, 0);
}

export function decisionsUnder({ decisions }: EvidenceWindow, epoch: string | null): number {
  return epoch !== null && Object.hasOwn(decisions, epoch) ? (decisions[epoch] ?? 0) : 0;
}

/** Without probes: the write has arrived when 99% of at least 100 decisions carry its epoch. */
export function arriveByDecisions(state: RolloutState, pass: Pass, window: EvidenceWindow): Pass {
  if (pass.arrivedAt !== null || state.rules.probes) return pass;
  const carrying = decisionsUnder(window, pass.epoch);
  const carried = countCarried(pass.carried, decisionsOf(window), carrying);
  const isThere = carried.all >= ENOUGH_DECISIONS && carried.carrying >= ARRIVED * carried.all;
  return isThere ? arrived({ ...pass, carried }, state.now) : { ...pass, carried };
}

/** With probes: the write has arrived when all instances that are known answer with its epoch. */
export function takeProbes(state: RolloutState, event: EventOf<"probes">): Step {
  const { instances, carrying, epoch } = event;
  const next = { ...state, answering: instances };
  if (!state.rules.probes || !isExposed(state.phase)) return step(next);
  const isThere = instances > 0 && carrying >= instances;
  return step(
    withPass(next, (pass) =>
      pass.arrivedAt === null && isThere && pass.epoch === epoch ? arrived(pass, next.now) : pass,
    ),
  );
}

function arrived(pass: Pass, now: number): Pass {
  const { propagation: _, ...conditions } = pass.conditions;
  return { ...pass, arrivedAt: now, conditions };
}

/** Holds where the write has not arrived in time. */
export function checkPropagation(state: RolloutState): RolloutState {
  const { now, rules } = state;
  return withPass(state, (pass) => {
    if (pass.arrivedAt !== null || pass.conditions.propagation !== undefined) return pass;
    const isLate = now - pass.writtenAt >= lateAfterMs(rules);
    const isSeen = rules.probes || pass.carried.all >= ENOUGH_DECISIONS;
    if (!isLate || !isSeen) return pass;
    return { ...pass, conditions: { ...pass.conditions, propagation: { since: now, good: 0 } } };
  });
}
