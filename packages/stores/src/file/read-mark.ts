import { constants } from "node:fs";
import { open } from "node:fs/promises";

/**
 * Reads the mark of the last rollback; `null` where there is no such file. No link is followed. The mark
 * of another user counts, unlike that user's lock: a mark can only stop a change, and a mark that is
 * ignored would let a change undo a rollback.
 */
export async function readMark(path: string): Promise<string | null> {
  const { O_NOFOLLOW = 0, O_NONBLOCK = 0, O_RDONLY } = constants;
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => null);
  if (handle === null) return null;
  try {
    return (await handle.stat()).isFile() ? String(await handle.readFile()) : null;
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
