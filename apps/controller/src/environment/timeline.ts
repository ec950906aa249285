import type { Happening, TimelineEntry } from "@edgezero/control-api/timeline";
import { MOST_TIMELINE_ENTRIES } from "@edgezero/control-api/timeline";
import type { Effect, RolloutState } from "@edgezero/progression";
import type { Logger } from "@edgezero/rollout";
import type { TrailNotes } from "../effects/trail-notes.ts";
import { recordOf } from "../loop/record.ts";

/** What has happened to a rollout, oldest first, with the newest entries only. */
export interface Timeline {
  entries(): readonly TimelineEntry[];
  add(entry: TimelineEntry): void;
  /** Adds what happened now, by nobody's command. `evidence`: what decided it, with the values. */
  remember(happening: Happening, sentence: string, evidence?: string | null): void;
  /** Keeps an effect that needs no more than that: in the timeline, the trail and the log. */
  keep(effect: Effect, reason: string | null): void;
}

/** Settings of {@link createTimeline}. */
export interface TimelineOptions {
  readonly environment: string;
  readonly first: readonly TimelineEntry[];
  readonly notes: TrailNotes;
  readonly logger: Logger;
  readonly state: () => RolloutState;
  /** The rollout's time, in milliseconds of the epoch. */
  readonly now: () => number;
  readonly onChange: () => void;
}

export function createTimeline(options: TimelineOptions): Timeline {
  const { environment, notes, logger, state, now, onChange } = options;
  let entries = options.first;

  function add(entry: TimelineEntry): void {
    entries = [...entries, entry].slice(-MOST_TIMELINE_ENTRIES);
    onChange();
  }

  return {
    entries: () => entries,
    add,
    remember(happening, sentence, evidence = null) {
      // The time of the result itself, by which a proof is timed.
      const at = Math.max(state().now, now());
      const entry = { at, ...happening, sentence, who: null, reason: null };
      add(evidence === null ? entry : { ...entry, evidence });
    },
    keep(effect, reason) {
      const recorded = recordOf(effect, state(), reason);
      if (recorded === null) return;
      const { entry, note } = recorded;
      add(entry);
      notes.note(note.kind, note.detail);
      const level = effect.type === "page" ? "error" : "info";
      logger[level](note.kind, { environment, detail: note.detail });
    },
  };
}
