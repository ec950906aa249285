import type { Manifest } from "./workspace.ts";

/** Whether a package exports a path: `"."`, or one such as `"./file/reader"`. */
export function exportsPath({ exports = {} }: Manifest, path: string): boolean {
  return Object.keys(exports).some((key) => {
    const [before = "", after] = key.split("*");
    if (after === undefined) return key === path;
    const isLongEnough = path.length > before.length + after.length;
    return isLongEnough && path.startsWith(before) && path.endsWith(after);
  });
}
