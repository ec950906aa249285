import { constants } from "node:fs";
import { open } from "node:fs/promises";

/**
 * Reads a file, or its last `most` bytes. It must be a regular one: a pipe would be waited for without
 * end, which keeps even the process from ending.
 */
export async function readRegularFile(path: string, most: number = Infinity): Promise<Buffer> {
  // Windows has no such flag, and no such pipes.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error(`${path} is not a regular file`);
    if (stats.size <= most) return await handle.readFile();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(most), 0, most, stats.size - most);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
