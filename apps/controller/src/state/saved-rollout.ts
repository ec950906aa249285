import type { CommandAnswer } from "@edgezero/control-api/command";
import type { TimelineEntry } from "@edgezero/control-api/timeline";
import { timelineEntry } from "@edgezero/control-api/timeline";
import type { RolloutState } from "@edgezero/progression";
import { isSameLocation } from "@edgezero/stores/store-identity";
import { savedSchema } from "./saved-schema.ts";

/** The form of the file. A controller refuses a form that it does not know. */
export const SAVED_VERSION = 2;

/** All that a controller must know of a rollout to go on with it in another process. */
export interface SavedRollout {
  readonly version: typeof SAVED_VERSION;
  readonly environment: string;
  /** The store, without credentials: a state never goes on with another store. */
  readonly store: string;
  readonly rollout: RolloutState;
  /** Answers to commands by their ids, the latest last. */
  readonly answers: readonly CommandAnswer[];
  /** The latest last. */
  readonly timeline: readonly TimelineEntry[];
  /** The mark of the last rollback that was seen; `null`: there was no mark. */
  readonly mark: string | null;
}

/** A command's id is known for so long, in milliseconds, also after a restart. */
export const ANSWERS_KEPT_MS: number = 24 * 60 * 60_000;
/** At most so many: later commands push out the oldest ones before their time. */
export const MOST_ANSWERS = 500;

/** Thrown where a state cannot be gone on with. The message says what an operator can do. */
export class StateError extends Error {
  override readonly name = "StateError";
}

/** Whose state it must be. */
export interface StateOwner {
  readonly environment: string;
  /** `null` where the state lay beside the keys: it is of that store, by whatever name the store is reached. */
  readonly store: string | null;
}

/** Reads what was saved. @throws StateError where it is not a state of this environment and store. */
export function parseSaved(
  text: string,
  path: string,
  { environment, store }: StateOwner,
): SavedRollout {
  const found = objectIn(text);
  const hint =
    "Roll back to 0 by `edgezero-rollout rollback`, then move the file away and start the controller again";
  if (found === null) throw new StateError(`${path} is damaged: it is no JSON object. ${hint}`);
  if (found.version !== SAVED_VERSION || found.rollout?.version !== 1) {
    throw new StateError(`${path} is of another version of the controller. ${hint}`);
  }
  const isOfStore = store === null || isSameLocation(String(found.store), store);
  if (found.environment !== environment || !isOfStore) {
    throw new StateError(
      `${path} belongs to environment ${found.environment} with store ${found.store}, not to ${environment} with ${store ?? "this one"}. Name another STATE_DIR`,
    );
  }
  const [issue] = savedSchema.safeParse(found).error?.issues ?? [];
  if (issue !== undefined) {
    // A value is not quoted: it may be anything.
    throw new StateError(
      `${path} is damaged at ${issue.path.join(".")}: ${issue.message}. ${hint}`,
    );
  }
  // Nothing is decided by the timeline: entries of an earlier form are left out.
  const timeline = (found.timeline ?? []).filter((entry) => timelineEntry.safeParse(entry).success);
  return { ...(found as SavedRollout), timeline };
}

function objectIn(text: string): Partial<SavedRollout> | null {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === "object" && found !== null && !Array.isArray(found) ? found : null;
  } catch {
    return null;
  }
}
