import { replaceFile } from "@edgezero/stores/file/durable-file";
import { tryHold } from "@edgezero/stores/file/exclusive-file";
import { findHold } from "@edgezero/stores/file/found-hold";
import { readOwnFile } from "@edgezero/stores/file/own-file";
import { thisHolder } from "@edgezero/stores/holder";
import { errorCode } from "@edgezero/faults/faults";
import type { Link } from "../chain.ts";
import { examineTrail } from "./examine-trail.ts";
import { followTrail } from "./read-trail.ts";
import type { TrailFiles } from "./trail-files.ts";

const STALE_AFTER_MS = 10_000;

/** Lines of another journal, and the entry that the first of them follows. */
export interface TakenLines {
  readonly before: Link;
  readonly lines: readonly string[];
  /** The hash of each line. */
  readonly hashes: readonly string[];
}

/**
 * Lets a trail's file go on with lines of another journal, durably and as a whole: a reader sees the old
 * content or the new one, also after a power cut. Lines that it has already are not added again. Gives why it
 * cannot go on with them, in words that follow the file's name, or `null` where it did.
 */
export async function extendTrail(
  files: TrailFiles,
  { before, lines, hashes }: TakenLines,
  who: string,
): Promise<string | null> {
  const hold = await tryHold(files.appending, thisHolder(who, "archive"), STALE_AFTER_MS);
  if (!hold.isOurs) return `is being written by ${hold.holder.who} since ${hold.holder.since}`;
  try {
    const { trail, findings } = await examineTrail(files);
    if (findings.length > 0 || trail.torn.length > 0) return "is not a whole trail";
    // It is ahead of `before` where an earlier archiving ended before it cut the lines off.
    const has = trail.count - before.entries;
    const at = has === 0 ? before.hash : hashes[has - 1];
    if (at === undefined && has > 0) return "has entries that the journal does not archive now";
    if (at !== trail.head) {
      return trail.count === 0
        ? `does not have entries 1 to ${before.entries}, which come first`
        : "has other entries than the journal's archive";
    }
    const added = lines.slice(has);
    const old = await readOwnFile(files.trail).catch((error: unknown) => {
      if (errorCode(error) === "ENOENT") return Buffer.alloc(0);
      throw error;
    });
    const open = trail.endsOpen ? "\n" : "";
    const text = `${old.toString()}${open}${added.map((line) => `${line}\n`).join("")}`;
    // One that was paused for longer than a hold lasts must not put an older trail in place of a newer one.
    if ((await findHold(files.appending))?.text !== hold.text) {
      return "was taken over by another archiving meanwhile";
    }
    await replaceFile(files.trail, text);
    const last = { entries: before.entries + lines.length, hash: hashes.at(-1) ?? before.hash };
    await replaceFile(files.head, `${JSON.stringify(last)}\n`);
    const written = followTrail(files.trail, await readOwnFile(files.trail));
    const isThere = written.head === last.hash && written.findings.length === 0;
    return isThere ? null : "was not read back as it was written";
  } finally {
    await hold.release();
  }
}
