import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { renameSync } from "node:fs";
import { link, open, readdir, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const ABANDONED_AFTER_MS = 60_000;

/** Settings of {@link replaceFile}. */
export interface ReplaceOptions {
  /** Permissions and owner are taken from here. */
  readonly like?: Stats | undefined;
  /** Called last, in the same tick as the rename: when it throws, nothing is replaced. */
  readonly check?: (() => void) | undefined;
}

/**
 * Replaces a file as a whole, and durably: whoever reads it sees the old content or the new one, a
 * power cut included. The new content is written beside it, under a name that no one reads.
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

/** A name beside `path` that no one else uses, and that {@link removeAbandoned} knows. */
export function temporaryName(path: string): string {
  const name = `.${basename(path)}.${process.pid}-${randomBytes(4).toString("hex")}.tmp`;
  return join(dirname(path), name);
}

/** Removes what a process that was killed while it replaced this file has left behind. */
export async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path);
  const prefix = `.${basename(path)}.`;
  for (const name of await readdir(folder)) {
    if (!name.startsWith(prefix) || !name.endsWith(".tmp")) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (Date.now() - mtimeMs > ABANDONED_AFTER_MS) await rm(join(folder, name), { force: true });
  }
}

async function writeBeside(path: string, content: string, like?: Stats): Promise<string> {
  const temporary = temporaryName(path);
  const handle = await open(temporary, "wx", like === undefined ? 0o666 : like.mode & 0o777);
  try {
    if (like !== undefined) {
      // The mode at creation is subject to the umask. Only root may give a file away.
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
