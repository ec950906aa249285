import { COMPUTED } from "./imports-of.ts";
import { packageOf } from "./names.ts";
import type { ImportRow } from "./table.ts";

/** Whether a row allows a path of ours, such as `stores/file/reader`. */
export function oursAllowed({ imports }: ImportRow, path: string, isType: boolean): boolean {
  if (imports === "anything") return true;
  return imports.some((pattern) => {
    const [, onlyTypes, allowed = ""] = /^(type )?(.*)$/.exec(pattern) ?? [];
    return (isType || onlyTypes === undefined) && covers(allowed.split("/"), path.split("/"));
  });
}

/** Whether a package may be in the `dependencies` of those of a row. */
export function packageAllowed({ imports }: ImportRow, name: string): boolean {
  if (imports === "anything") return true;
  return imports.some((pattern) => pattern.replace(/^type /, "").split("/")[0] === name);
}

/** Says what a row allows. */
export function allowedText({ imports, libraries, neverLibraries = [] }: ImportRow): string {
  const but = neverLibraries.length > 0 ? ` but ${neverLibraries.join(", ")}` : "";
  return `Allowed of ours: ${named(imports)}; of others: ${named(libraries)}${but}`;
}

/** Whether a row allows a module of Node or of another package, such as `node:fs` or `zod/mini`. */
export function libraryAllowed(
  { libraries, neverLibraries = [] }: ImportRow,
  specifier: string,
): boolean {
  if (neverLibraries.includes(specifier)) return false;
  // The path is known only at run time, such as that of an operator's config file.
  if (specifier === COMPUTED) return libraries.length > 0;
  return libraries === "any" || libraries.includes(packageOf(specifier));
}

function named(names: readonly string[] | string): string {
  return typeof names === "string" ? names : names.join(", ") || "none";
}

function covers(allowed: readonly string[], path: readonly string[]): boolean {
  return allowed.every((part, i) => (part === "*" ? path[i] !== undefined : part === path[i]));
}
