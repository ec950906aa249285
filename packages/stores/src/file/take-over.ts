import { link, lstat, rename, rm, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { errorCode } from "@edgezero/faults/faults";
import type { Holder } from "../coordination.ts";
import { findHold } from "./found-hold.ts";

/** The pause while another process takes a stale file over, which takes milliseconds. */
const WAIT_MS = 25;
/** A process that takes longer to take a file over was killed. */
const TAKEOVER_MS = 2000;

/**
 * Moves a stale file out of the way, one process at a time: between the look at it and the move, the
 * file could become that of another process which has taken over first.
 */
export async function takeOver(path: string, stale: string): Promise<void> {
  const turn = `${path}.takeover`;
  try {
    await writeFile(turn, "", { flag: "wx" });
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
    await sleep(WAIT_MS);
    const begun = await lstat(turn).catch(() => null);
    if (begun && Math.abs(Date.now() - begun.mtimeMs) > TAKEOVER_MS)
      await rm(turn, { force: true });
    return;
  }
  try {
    if ((await findHold(path))?.text === stale) await moveAway(path, stale);
  } finally {
    await rm(turn, { force: true });
  }
}

/** Moves a stale file to where {@link takeEnded} finds it, unless its holder has been faster. */
async function moveAway(path: string, stale: string): Promise<void> {
  const ended = endedName(path);
  try {
    await rename(path, ended);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return;
    throw error;
  }
  if ((await findHold(ended))?.text === stale) return;
  // A new holder has been faster, and gets its file back.
  await link(ended, path).catch(() => {});
  await rm(ended, { force: true });
}

/**
 * Whose stale file was moved away before ours was created; `null` if nobody's. Whoever moved it may not
 * be the one that came next, or may have been killed: the next holder tells of it, and only that one.
 */
export async function takeEnded(path: string): Promise<Holder | null> {
  const ended = endedName(path);
  // What cannot be read must not cost the hold, which is ours already.
  const found = await findHold(ended).catch(() => null);
  if (found !== null) await rm(ended, { force: true }).catch(() => {});
  return found?.holder ?? null;
}

function endedName(path: string): string {
  return `${path}.ended`;
}
