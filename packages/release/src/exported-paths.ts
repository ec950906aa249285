import type { Manifest } from "./published-packages.ts";
import { run } from "./run.ts";

/** Reads the `package.json` in a packed file. */
export async function packedManifest(file: string): Promise<Manifest> {
  const text = await run(".", "tar", ["-xzOf", file, "package/package.json"]);
  return JSON.parse(text) as Manifest;
}

/**
 * The paths of code that a packed file exports, such as `.` and `./probe`. A pattern such as
 * `./*` stands for all files that match. Data is left out.
 */
export async function exportedPaths(file: string): Promise<readonly string[]> {
  const [{ exports = {} }, listed] = await Promise.all([
    packedManifest(file),
    run(".", "tar", ["-tzf", file]),
  ]);
  const files = listed.split("\n").map((path) => path.replace(/^package\//, "./"));
  return Object.entries(exports).flatMap(([path, target]) => {
    const code = codeOf(target);
    if (code === null) return [];
    if (!path.includes("*")) return [path];
    const [start = "", end = ""] = code.split("*");
    return files
      .filter((each) => each.startsWith(start) && each.endsWith(end))
      .map((each) => path.replace("*", each.slice(start.length, -end.length)));
  });
}

function codeOf(target: unknown): string | null {
  const { default: code } = target as { readonly default?: unknown };
  return typeof code === "string" && code.endsWith(".js") ? code : null;
}
