import { constants } from "node:fs";
import { open } from "node:fs/promises";

// Windows has neither of these flags.
const NO_LINKS = (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/**
 * Reads the mark of the last rollback; `null` where there is no such file. No link is followed. The mark
 * of another user counts, unlike that user's lock: a mark can only stop a change, and a mark that is
 * ignored would let a change undo a rollback.
 */
export async function readMark(path: string): Promise<string | null> {
  const handle = await open(path, constants.O_RDONLY | NO_LINKS).catch(() => null);
  if (handle === null) return null;
  try {
    return (await handle.stat()).isFile() ? String(await handle.readFile()) : null;
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
