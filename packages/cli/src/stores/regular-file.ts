import { constants } from "node:fs";
import { open } from "node:fs/promises";

/**
 * Reads a file, which must be a regular one: a pipe would be waited for without end, which keeps
 * even the process from ending.
 */
export async function readRegularFile(path: string): Promise<Buffer> {
  // Windows has no such flag, and no such pipes.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) throw new Error(`${path} is not a regular file`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
