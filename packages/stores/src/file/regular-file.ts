import { constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { open } from "node:fs/promises";

/**
 * Reads a file, or its last `most` bytes. Rejects where it is not a regular file: the wait for a pipe
 * has no end, and keeps the process from ending.
 */
export async function readRegularFile(path: string, most: number = Infinity): Promise<Buffer> {
  // Windows has neither this flag nor such pipes.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    return await readFromEnd(handle, path, most);
  } finally {
    await handle.close();
  }
}

/** Reads an open file, or its last `most` bytes. Rejects where it is not a regular file. */
export async function readFromEnd(handle: FileHandle, path: string, most: number): Promise<Buffer> {
  const stats = await handle.stat();
  if (!stats.isFile()) throw new Error(`${path} is not a regular file`);
  if (stats.size <= most) return handle.readFile();
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(most), 0, most, stats.size - most);
  return buffer.subarray(0, bytesRead);
}
