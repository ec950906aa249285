import { readOwnFile } from "@edgezero/stores/file/own-file";
import { TrustError } from "@edgezero/stores/file/trust";
import type { JournalFinding } from "../journal.ts";
import type { Trail } from "./read-trail.ts";
import type { TrailFiles } from "./trail-files.ts";

/** The end of the trail, as the head file has it. */
export interface Head {
  readonly entries: number;
  readonly hash: string;
}

/** Reads the head file; `null` where it is missing or not valid. @throws TrustError */
export async function readHead({ head }: TrailFiles): Promise<Head | null> {
  try {
    const text = (await readOwnFile(head)).toString();
    const { entries, hash } = JSON.parse(text) as Partial<Head>;
    return typeof entries === "number" && typeof hash === "string" ? { entries, hash } : null;
  } catch (error) {
    if (error instanceof TrustError) throw error;
    return null;
  }
}

/**
 * Compares the end of the trail with its head; `null` where they fit. The head may be behind, since a
 * kill between the two writes leaves it so. It is never ahead.
 */
export function endFinding(trail: Trail, head: Head): JournalFinding | null {
  if (head.entries > trail.count) {
    const message = `${head.entries - trail.count} entries at the end are missing`;
    return { line: trail.entries.length + 1, entry: null, message };
  }
  const index = trail.entries.findLastIndex(({ seq }) => seq === head.entries);
  if (head.entries > 0 && trail.hashes[index] !== head.hash) {
    const message = "is not the entry that was last when it was written";
    return { line: index + 1, entry: index < 0 ? null : head.entries, message };
  }
  return null;
}
