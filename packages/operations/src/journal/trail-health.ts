import type { Head } from "./head.ts";
import { endProblem, readHead } from "./head.ts";
import type { Trail, TrailProblem } from "./read-trail.ts";
import { readTrail } from "./read-trail.ts";
import type { TrailFiles } from "./trail-files.ts";

/** A trail, and all that is wrong with it. */
export interface TrailHealth {
  readonly trail: Trail;
  /** What the head file says; `null` when it is missing. */
  readonly head: Head | null;
  /** Empty when the trail is whole. */
  readonly problems: readonly TrailProblem[];
}

/** Reads a trail and examines all of it, its end included. Rejects when it cannot be read. */
export async function examineTrail(files: TrailFiles): Promise<TrailHealth> {
  // The head first: an entry that is added between the two is then no fault.
  const head = await readHead(files);
  const trail = await readTrail(files.trail);
  const end = head === null ? null : endProblem(trail, head);
  return { trail, head, problems: end === null ? trail.problems : [...trail.problems, end] };
}
