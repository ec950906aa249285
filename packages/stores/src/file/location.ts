import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { StoreSetupError } from "../operator-store.ts";

/** Whether this text means a file by a URL, as opposed to a path. */
export function isFileUrl(text: string): boolean {
  return /^file:/i.test(text);
}

/**
 * The path that a `file:` URL names: the standard's forms, and paths that are relative to `base`, such
 * as `file:rollout.json`, `file:./rollout.json` and `file:../rollout.json`.
 *
 * @throws StoreSetupError when it names no path.
 */
export function fileLocation(url: string, base: string): string {
  if (!/^file:(?:\/|[a-z]:[\\/])/i.test(url)) {
    const path = url.slice("file:".length);
    if (path === "")
      throw new StoreSetupError("file: names no file; it must be like file:./rollout.json");
    return resolve(base, decode(path));
  }
  try {
    return fileURLToPath(url);
  } catch {
    throw new StoreSetupError(`${JSON.stringify(url)} is not the URL of a file`);
  }
}

/** The beginning of the names of the files beside a config file: its journal, its lock, its mark. */
export function auditStem(path: string): string {
  return `${path.replace(/\.json$/, "")}.audit`;
}

/** The URL of a path, as the standard has it. */
export function fileUrl(path: string): string {
  return pathToFileURL(path).href;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
