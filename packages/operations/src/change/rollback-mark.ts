import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { replaceFile } from "@edgezero/stores/file/durable-file";
import { readRegularFile } from "@edgezero/stores/file/regular-file";
import { parseShown } from "@edgezero/stores/parse-shown";
import type { TrailFiles } from "../journal/trail-files.ts";

/**
 * The mark of the last rollback, or `null` where there is none. A change that finds another one than
 * when it began is older than that rollback. The trail cannot tell, since it must be waited for.
 */
export async function rollbackMark({ mark }: TrailFiles): Promise<string | null> {
  return readRegularFile(mark).then(String, () => null);
}

/** Leaves the mark of a rollback. */
export async function leaveRollbackMark({ mark }: TrailFiles, who: string): Promise<void> {
  await mkdir(dirname(mark), { recursive: true });
  const at = new Date().toISOString();
  await replaceFile(mark, `${JSON.stringify({ who, at, process: process.pid })}\n`);
}

/** Who left a mark, and when, for people. */
export function markText(mark: string | null): string {
  try {
    const { who, at } = parseShown(mark ?? "") as Readonly<Record<string, unknown>>;
    return `${String(who)} has rolled back meanwhile, at ${String(at)}`;
  } catch {
    return "someone has rolled back meanwhile";
  }
}
