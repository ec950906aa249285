import type { TimelineEntry } from "@edgezero/control-api/timeline";
import type { Effect, RolloutState } from "@edgezero/progression";
import type { NoteKind } from "../effects/trail-notes.ts";
import { evidenceOfState } from "./evidence-text.ts";

/** What is kept of an effect: an entry of the timeline, and a note in the trail. */
export interface Recorded {
  readonly entry: TimelineEntry;
  readonly note: { readonly kind: NoteKind; readonly detail: string };
}

/** Records an effect that needs no more than that; `null` for a write or a proof, which have results. */
export function recordOf(
  effect: Effect,
  state: RolloutState,
  reason: string | null = null,
): Recorded | null {
  const at = state.now;
  switch (effect.type) {
    case "moved": {
      const { from, to, reason: held } = effect;
      const isOutside =
        held === "drifted" ||
        (to === "rolled-back" && from !== "rolling-back" && from !== "rollback-unverified");
      const sentence = `${from} → ${held === null ? to : `${to}: ${held}`}`;
      const kind = isOutside ? "outside" : "moved";
      const evidence = evidenceOfState(state);
      const entry = { at, kind, from, to, held, sentence, who: null, reason: null } as const;
      return {
        entry: evidence === null ? entry : { ...entry, evidence },
        note: { kind: "controller-moved", detail: sentence },
      };
    }
    case "page": {
      const { reason: incident } = effect;
      const sentence = `Page: ${incident}.`;
      return {
        entry: { at, kind: "page", incident, sentence, who: null, reason: null },
        note: { kind: "controller-page", detail: incident },
      };
    }
    case "answer": {
      const { command, by, accepted, sentence } = effect;
      const why = reason === null || reason === "" ? "" : ` (${reason})`;
      const detail = `${command} by ${by} ${accepted ? "taken" : "refused"}${why}: ${sentence}`;
      return {
        entry: {
          at,
          kind: "command",
          command,
          accepted,
          sentence,
          who: by,
          reason: reason || null,
        },
        note: { kind: "controller-command", detail },
      };
    }
    case "raise":
    case "write-zero":
    case "prove-zero":
      return null;
    default:
      return null;
  }
}
