import { run } from "./run.ts";

/** The space that a folder takes on disk, in kilobytes. */
export async function kilobytesOf(folder: string): Promise<number> {
  return Number.parseInt(await run(folder, "du", ["-sk", "."]), 10);
}
