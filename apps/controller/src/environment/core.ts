import type { Happening } from "@edgezero/control-api/timeline";
import type { Effect, RolloutEvent, RolloutState } from "@edgezero/progression";
import type { Logger } from "@edgezero/rollout";
import type { Place, Seen } from "../effects/place.ts";

/** A rollout as its parts see it: there is one state, and one way to change it. */
export interface RolloutCore {
  readonly name: string;
  readonly place: Place;
  readonly logger: Logger;
  /** Aborts when the rollout is closed. */
  readonly stop: AbortSignal;
  state(): RolloutState;
  /** The rollout's time, in milliseconds of the epoch. */
  now(): number;
  /** What the store was last read to have; `null` before the first read. */
  seen(): Seen | null;
  /** The only way in which the rollout changes. `reason`: an operator's, for the trail. */
  take(event: RolloutEvent, reason?: string | null): readonly Effect[];
  /** Keeps a command's answer in timeline and trail. */
  keep(effect: Effect, reason: string | null): void;
  /** Adds what happened to the timeline. `evidence`: what decided it, with the values. */
  remember(happening: Happening, sentence: string, evidence?: string | null): void;
  /** Resolves once a state at least as new as now is on the disk; with the fault where it is not. */
  save(): Promise<string | null>;
  /** Waits for work when the rollout is closed, and logs what it throws. */
  track(work: Promise<void>): void;
}
