import { readRegularFile } from "@edgezero/stores/file/regular-file";
import type { Trail, TrailProblem } from "./read-trail.ts";
import type { TrailFiles } from "./trail-files.ts";

/** What the head file says of the end of the trail. */
export interface Head {
  readonly entries: number;
  readonly hash: string;
}

/** Reads the head file; `null` when it is not there or holds something else. */
export async function readHead({ head }: TrailFiles): Promise<Head | null> {
  try {
    const text = (await readRegularFile(head)).toString();
    const { entries, hash } = JSON.parse(text) as Partial<Head>;
    return typeof entries === "number" && typeof hash === "string" ? { entries, hash } : null;
  } catch {
    return null;
  }
}

/**
 * What is wrong with the end of the trail, or `null`. The head may be behind, since a kill between
 * the two writes leaves it so; it is never ahead.
 */
export function endProblem(trail: Trail, head: Head): TrailProblem | null {
  if (head.entries > trail.count) {
    const problem = `${head.entries - trail.count} entries at the end are missing`;
    return { line: trail.entries.length + 1, entry: null, problem };
  }
  const index = trail.entries.findLastIndex(({ seq }) => seq === head.entries);
  if (head.entries > 0 && trail.hashes[index] !== head.hash) {
    const problem = "is not the entry that was last when it was written";
    return { line: index + 1, entry: index < 0 ? null : head.entries, problem };
  }
  return null;
}
