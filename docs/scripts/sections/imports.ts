import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ImportRow } from "@edgezero/testbed/imports/table";
import { IMPORT_TABLE } from "@edgezero/testbed/imports/table";
import { table } from "../markdown.ts";
import { REPOSITORY } from "../pages.ts";

/** The table of who may import whom. It marks the packages that do not exist yet. */
export function importsSection(): string {
  const rows = IMPORT_TABLE.map((row) => [
    row.packages.map(packageOf).join(", "),
    oursOf(row),
    librariesOf(row),
    row.never,
  ]);
  return table(["package", "imports of ours", "libraries", "never"], rows);
}

function packageOf(folder: string): string {
  const name = `\`${folder.replace("packages/", "")}\``;
  return existsSync(join(REPOSITORY, folder, "package.json")) ? name : `${name} (not there yet)`;
}

function oursOf({ imports }: ImportRow): string {
  if (imports === "anything") return "anything";
  const names = imports.map((name) =>
    name.startsWith("type ") ? `\`${name.slice(5)}\` (types)` : `\`${name}\``,
  );
  return names.join(", ") || "nothing";
}

function librariesOf({ libraries }: ImportRow): string {
  return libraries === "any" ? "any" : code(libraries) || "none";
}

function code(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(", ");
}
