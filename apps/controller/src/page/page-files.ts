import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { errorCode } from "@edgezero/faults/faults";

/** A file of the page, as it is served. */
export interface PageFile {
  readonly body: Uint8Array<ArrayBuffer>;
  readonly type: string;
  /** Its name changes with its content, so that a browser may keep it for ever. */
  readonly isNamedByContent: boolean;
}

/** The files of the page by their paths, such as `/assets/index-1a2b.js`. */
export type PageFiles = ReadonlyMap<string, PageFile>;

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** The folder of the built page. */
export function pageFolder(): string {
  return fileURLToPath(new URL("dist", import.meta.resolve("@edgezero/dashboard/package.json")));
}

/** Reads the built page into memory; `null` where it is not built. Files of other types are left out. */
export async function readPage(folder: string): Promise<PageFiles | null> {
  const files = new Map<string, PageFile>();
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const entry of entries) {
      const type = TYPES[extname(entry.name)];
      if (!entry.isFile() || type === undefined) continue;
      const path = join(entry.parentPath, entry.name);
      const address = path.slice(folder.length).replaceAll("\\", "/");
      const body = new Uint8Array(await readFile(path));
      files.set(address, { body, type, isNamedByContent: address.startsWith("/assets/") });
    }
  } catch (error) {
    if (errorCode(error) === "ENOENT") return null;
    throw error;
  }
  const index = files.get("/index.html");
  if (index === undefined) return null;
  return files.set("/", index);
}
