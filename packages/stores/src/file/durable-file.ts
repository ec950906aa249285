import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { renameSync } from "node:fs";
import { link, lstat, open, readdir, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A temporary file of this age was left behind: nobody takes so long to write one. */
const ABANDONED_AFTER_MS = 60_000;

/** Settings of {@link replaceFile}. */
export interface ReplaceOptions {
  /** Permissions and owner are taken from here. */
  readonly like?: Stats | undefined;
  /** Called last, in the same tick as the rename: when it throws, nothing is replaced. */
  readonly check?: (() => void) | undefined;
}

/**
 * Replaces a file as a whole, and durably: every reader sees the old content or the new one, also after
 * a power cut. The new content is first written beside it, to a temporary file that nobody reads.
 */
export async function replaceFile(
  path: string,
  content: string,
  { like, check }: ReplaceOptions = {},
): Promise<void> {
  const temporary = await writeBeside(path, content, like);
  try {
    check?.();
    renameSync(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

/** Creates a file as a whole, and durably. Rejects with `EEXIST` when there is one. */
export async function createFile(path: string, content: string): Promise<void> {
  const temporary = await writeBeside(path, content);
  try {
    // A link, unlike a rename, never replaces.
    await link(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
  await syncFolder(dirname(path));
}

/** Makes a folder's entries durable, where the platform can. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A name beside `path` that nobody else uses, and that {@link removeAbandoned} knows. */
export function temporaryName(path: string): string {
  const name = `.${basename(path)}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  return join(dirname(path), name);
}

/**
 * Overwrites a file in place, durably. For a file that cannot be replaced: on a full disk, or in a
 * folder that another user owns. It is one write, filled up with spaces to the old length, so that no
 * reader finds the end of the old content.
 */
export async function overwriteFile(path: string, content: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.from(content.padEnd(content.length + size - Buffer.byteLength(content)));
    const { bytesWritten } = await handle.write(bytes, 0, bytes.length, 0);
    if (bytesWritten < bytes.length) throw new Error("it was written in part only");
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Removes the temporary files of processes that were killed while they replaced this file: all that are
 * older than a minute. With a lower age, it also makes replacements fail that are still under way.
 */
export async function removeAbandoned(
  path: string,
  fromAgeMs: number = ABANDONED_AFTER_MS,
): Promise<void> {
  const folder = dirname(path);
  const prefix = `.${basename(path)}.`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(".tmp")) continue;
    const temporary = join(folder, name);
    const { mtimeMs } = await lstat(temporary).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > fromAgeMs) await rm(temporary, { force: true });
  }
}

async function writeBeside(path: string, content: string, like?: Stats): Promise<string> {
  const temporary = temporaryName(path);
  const handle = await open(temporary, "wx", like === undefined ? 0o666 : like.mode & 0o777);
  try {
    if (like !== undefined) {
      // The umask limits the mode at creation. Only root may give a file to another user.
      await handle.chmod(like.mode & 0o7777);
      await handle.chown(like.uid, like.gid).catch(() => {});
    }
    await handle.writeFile(content);
    await handle.sync();
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  return temporary;
}
