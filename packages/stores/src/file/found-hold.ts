import { lstat } from "node:fs/promises";
import { errorCode } from "@edgezero/faults/faults";
import type { Holder } from "../coordination.ts";
import { isGone, parseHolder, unknownHolder } from "../holder.ts";
import { readOwnFile } from "./own-file.ts";

/** A file that someone holds, as it was found. */
export interface FoundHold {
  readonly text: string;
  readonly holder: Holder;
}

/** The file and its holder; `null` where it is free. Rejects where it is a link, or another user's. */
export async function findHold(path: string): Promise<FoundHold | null> {
  try {
    const text = (await readOwnFile(path)).toString();
    const holder = parseHolder(text);
    if (holder !== null) return { text, holder };
    // A file that is not of this tool is judged by its age alone.
    return { text, holder: unknownHolder((await lstat(path)).mtime.toISOString()) };
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
}

/**
 * Whether the holder is a process of this host that has ended, or has held it for too long. A time that
 * cannot be read, or is as far in the future, counts as too long: a clock that went back must not block
 * anyone.
 */
export function isStale(holder: Holder, staleAfterMs: number): boolean {
  if (isGone(holder)) return true;
  return !(Math.abs(Date.now() - Date.parse(holder.since)) <= staleAfterMs);
}
