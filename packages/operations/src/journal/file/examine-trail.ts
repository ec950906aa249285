import type { JournalFinding } from "../journal.ts";
import type { Link } from "../chain.ts";
import { endFinding } from "../head.ts";
import { readHead } from "./head.ts";
import type { Trail } from "./read-trail.ts";
import { readTrail } from "./read-trail.ts";
import type { TrailFiles } from "./trail-files.ts";

/** A trail, and all that was found in it. */
export interface ExaminedTrail {
  readonly trail: Trail;
  /** The content of the head file; `null` where the file is missing or not valid. */
  readonly head: Link | null;
  /** Empty where the trail is whole. */
  readonly findings: readonly JournalFinding[];
}

/** Reads a trail and examines all of it, its end included. Rejects where it cannot be read. */
export async function examineTrail(files: TrailFiles): Promise<ExaminedTrail> {
  // The head first: an entry that is added between the two reads is then no finding.
  const head = await readHead(files);
  const trail = await readTrail(files.trail);
  const end = head === null ? null : endFinding(trail, head);
  return { trail, head, findings: end === null ? trail.findings : [...trail.findings, end] };
}
