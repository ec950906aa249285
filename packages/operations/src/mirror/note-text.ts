import type { MirrorNote } from "./run-mirror.ts";

/** A note of the mirror from a store to a file, for people: a sentence without a full stop. */
export function mirrorNoteText(note: MirrorNote, from: string, path: string): string {
  if (note.kind === "fault") return `${path} is not renewed: ${note.message}`;
  const { edgezero_enabled: enabled, edgezero_rollout_pct: pct } = note.values;
  return `${path} mirrors ${from}: edgezero_enabled ${shown(enabled)}, edgezero_rollout_pct ${shown(pct)}`;
}

function shown(value: string | null): string {
  return value === null ? "absent" : JSON.stringify(value);
}
