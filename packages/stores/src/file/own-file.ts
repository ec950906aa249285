import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { lstat, open } from "node:fs/promises";
import { errorCode } from "@edgezero/faults/faults";
import { readFromEnd } from "./regular-file.ts";
import { checkOwner, isAllowed, TrustError } from "./trust.ts";

// Windows has neither of these flags.
const { O_APPEND, O_CREAT, O_RDONLY, O_WRONLY } = constants;
const NO_LINKS = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads a file that this tool writes, or its last `most` bytes. No link is followed, and a file of
 * another user is refused.
 *
 * @throws TrustError
 */
export async function readOwnFile(path: string, most: number = Infinity): Promise<Buffer> {
  const handle = await openOwn(path, O_RDONLY);
  try {
    return await readFromEnd(handle, path, most);
  } finally {
    await handle.close();
  }
}

/**
 * Opens a file of this tool to append to it, and creates it where it is missing. A file with a second
 * name is refused, too: the other name may be a file that matters elsewhere.
 *
 * @throws TrustError
 */
export async function openOwnToAppend(path: string): Promise<FileHandle> {
  const handle = await openOwn(path, O_WRONLY | O_APPEND | O_CREAT);
  try {
    const { nlink } = await handle.stat();
    if (nlink > 1 && !isAllowed(path)) {
      throw new TrustError(path, "has a second name (a hard link), so that a write changes both");
    }
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openOwn(path: string, flags: number): Promise<FileHandle> {
  const handle = await open(path, flags | NO_LINKS).catch(async (error: unknown) => {
    throw (await linkFault(path, error)) ?? error;
  });
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error(`${path} is not a regular file`);
    checkOwner(path, stats);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The refusal of a link, in words; `null` where it was another fault. A file may be unreadable, too. */
async function linkFault(path: string, error: unknown): Promise<Error | null> {
  if (!["ELOOP", "EMLINK", "EACCES"].includes(errorCode(error))) return null;
  const stats = await lstat(path).catch(() => null);
  if (stats?.isSymbolicLink())
    return new TrustError(path, "is a link, which is never followed here", "");
  try {
    if (stats !== null) checkOwner(path, stats);
    return null;
  } catch (fault) {
    return fault instanceof Error ? fault : null;
  }
}
