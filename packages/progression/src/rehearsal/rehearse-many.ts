import type { RolloutPlan } from "../plan/rollout-plan.ts";
import { HELD_REASONS } from "../reducer/index.ts";
import type {
  MedianTime,
  Proportion,
  Rehearsal,
  RehearsalOptions,
  RehearsalSummary,
} from "./course.ts";
import type { Fault } from "./fault.ts";
import { medianBetween, wilson } from "./proportion.ts";
import { rehearse } from "./rehearse.ts";
import type { SyntheticTraffic } from "./traffic.ts";

/** Seeds of one call are this far apart, so that those of neighbouring seeds are not the same ones. */
const SEED_STEP = 7919;

/**
 * Rehearses one after the other, each with a seed of its own.
 *
 * @throws RangeError where traffic, faults or options cannot be.
 */
export function* rehearsals(
  plan: RolloutPlan,
  traffic: SyntheticTraffic,
  faults: readonly Fault[],
  runs: number,
  seed = 1,
  options: RehearsalOptions = {},
): Generator<Rehearsal, void, void> {
  for (let run = 0; run < runs; run += 1) {
    yield rehearse(plan, traffic, faults, seed + SEED_STEP * run, options);
  }
}

/**
 * Rehearses many times, and sums up what came of it.
 *
 * @throws RangeError where traffic, faults or options cannot be.
 */
export function rehearseMany(
  plan: RolloutPlan,
  traffic: SyntheticTraffic,
  faults: readonly Fault[],
  runs: number,
  seed = 1,
  options: RehearsalOptions = {},
): RehearsalSummary {
  return summarize(rehearsals(plan, traffic, faults, runs, seed, options));
}

/** Sums up rehearsals. It keeps a few numbers of each, so that a generator of very many will do. */
export function summarize(many: Iterable<Rehearsal>): RehearsalSummary {
  let [runs, completed, rolledBack, falseOnes, faulty] = [0, 0, 0, 0, 0];
  const detections: number[] = [];
  const completions: number[] = [];
  const bySignal: Record<string, number> = {};
  const held = new Map<string, number>();
  for (const one of many) {
    runs += 1;
    if (one.completedAtMs !== null) completed += 1;
    if (one.rollback !== null) rolledBack += 1;
    if (one.isFalseRollback) falseOnes += 1;
    if (one.faultyFromMs !== null) {
      faulty += 1;
      detections.push(one.detectionMs ?? Infinity);
    }
    completions.push(one.completedAtMs ?? Infinity);
    const cause = one.rollback?.cause;
    if (cause !== undefined && "signal" in cause) {
      bySignal[cause.signal] = (bySignal[cause.signal] ?? 0) + 1;
    }
    for (const reason of heldFor(one)) held.set(reason, (held.get(reason) ?? 0) + 1);
  }
  return {
    runs,
    completed: proportion(completed, runs),
    rolledBack: proportion(rolledBack, runs),
    falseRollbacks: proportion(falseOnes, runs),
    detected: faulty === 0 ? null : proportion(detections.filter(Number.isFinite).length, faulty),
    detection: faulty === 0 ? null : medianTime(detections),
    completion: medianTime(completions),
    bySignal,
    held: Object.fromEntries(
      HELD_REASONS.flatMap((reason) => {
        const count = held.get(reason);
        return count === undefined ? [] : [[reason, count]];
      }),
    ),
  };
}

function heldFor({ timeline }: Rehearsal): ReadonlySet<string> {
  const reasons = timeline.flatMap((happening) =>
    happening.type === "effect" && happening.effect.type === "moved"
      ? (happening.effect.reason ?? [])
      : [],
  );
  return new Set(reasons);
}

function proportion(hits: number, runs: number): Proportion {
  if (runs === 0) return { hits, runs, part: 0, lower: 0, upper: 1 };
  return { hits, runs, part: hits / runs, ...wilson(hits, runs) };
}

/** Times of which some are "never". */
function medianTime(times: readonly number[]): MedianTime {
  const { median, lower, upper } = medianBetween(times);
  return { medianMs: orNever(median), lowerMs: orNever(lower), upperMs: orNever(upper) };
}

function orNever(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}
