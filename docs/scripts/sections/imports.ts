import type { ImportRow } from "@edgezero/testbed/imports/table";
import { IMPORT_TABLE } from "@edgezero/testbed/imports/table";
import { table } from "../markdown.ts";

/** Who may import whom, as the test holds it. */
export function importsSection(): string {
  const rows = IMPORT_TABLE.map((row) => [
    code(row.packages.map((folder) => folder.replace("packages/", ""))),
    oursOf(row),
    librariesOf(row),
    row.never,
  ]);
  return table(["package", "imports of ours", "libraries", "never"], rows);
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
