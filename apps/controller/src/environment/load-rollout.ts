import type { RolloutPlan, RolloutState, Site } from "@edgezero/progression";
import { initialState } from "@edgezero/progression";
import type { SavedRollout } from "../state/saved-rollout.ts";
import { parseSaved, SAVED_VERSION } from "../state/saved-rollout.ts";
import type { StateFile } from "../state/state-file.ts";

/** What a controller begins with. */
export interface LoadedRollout {
  readonly saved: SavedRollout;
  /** Whether an earlier process has left it. */
  readonly isResumed: boolean;
  /** A rollout by the plan as it is in the config now. */
  readonly fresh: RolloutState;
}

/**
 * Loads the rollout that an earlier process has left, or begins one. Rejects where the file cannot be read.
 *
 * @throws StateError where the file is not this rollout's.
 */
export async function loadRollout(
  file: StateFile,
  { environment, store }: Pick<SavedRollout, "environment" | "store">,
  plan: RolloutPlan,
  site: Site,
): Promise<LoadedRollout> {
  const text = await file.load();
  const fresh = initialState(plan, site);
  if (text !== null) {
    const owner = { environment, store: file.isBesideKeys?.() === true ? null : store };
    const saved = parseSaved(text, file.path, owner);
    return { saved, isResumed: true, fresh };
  }
  const saved: SavedRollout = {
    version: SAVED_VERSION,
    environment,
    store,
    rollout: fresh,
    answers: [],
    timeline: [],
    mark: null,
  };
  return { saved, isResumed: false, fresh };
}

/** Whether a rollout goes by the plan and the site as they are now. */
export function isUpToDate(state: RolloutState, fresh: RolloutState): boolean {
  return JSON.stringify(state.rules) === JSON.stringify(fresh.rules);
}

/**
 * Takes the plan of the config over where no rollout is under way. One that is goes on by the plan that it
 * began with: a verdict must not change its rules in the middle.
 */
export function withPlan(state: RolloutState, fresh: RolloutState): RolloutState {
  if (state.phase.name !== "idle" || isUpToDate(state, fresh)) return state;
  return begunAgain(state, fresh);
}

/** A rollout in which nothing is under way, by the plan of the config. */
export function begunAgain(
  { now, store, writes, passes }: RolloutState,
  fresh: RolloutState,
): RolloutState {
  return { ...fresh, now, store, writes, passes };
}
