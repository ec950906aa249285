import { readFile } from "node:fs/promises";
import { errorCode } from "@edgezero/faults/faults";
import { isMirrored } from "./mirrored-text.ts";

/** Whether a mirror may write this file: it is missing, or a mirror has written it. Else it is somebody's store. */
export async function isMirrorTarget(path: string): Promise<boolean> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  });
  return text === null || isMirrored(text);
}
