import { join } from "node:path";
import type { Declaration } from "../declarations.ts";
import { exportsOf } from "../declarations.ts";
import { code, fence } from "../markdown.ts";
import { REPOSITORY } from "../pages.ts";

const ENTRIES: Readonly<Record<string, string>> = {
  "@edgezero/rollout": "index.ts",
  "@edgezero/rollout/attribution": "attribution/index.ts",
  "@edgezero/rollout/force": "force/index.ts",
  "@edgezero/rollout/probe": "probe/index.ts",
};

/** Every export of the core, from its source and docstring. */
export function apiSection(): string {
  return Object.entries(ENTRIES)
    .map(([entry, file]) => {
      const found = exportsOf(join(REPOSITORY, "packages", "rollout", "src", file));
      const all = [
        ...found.filter(({ isType }) => !isType),
        ...found.filter(({ isType }) => isType),
      ];
      return [`## ${code(entry)}`, ...all.map(declarationText)].join("\n\n");
    })
    .join("\n\n");
}

function declarationText({ name, docstring, code: text }: Declaration): string {
  if (docstring === "") throw new Error(`${name} has no docstring`);
  return [`### ${code(name)}`, proseOf(docstring), fence("ts", text)].join("\n\n");
}

/** A docstring as prose: links are names, and tags begin a paragraph each. */
function proseOf(docstring: string): string {
  return docstring
    .replaceAll(/\{@link ([\w.]+)\}/g, (_, name: string) => code(name))
    .replaceAll(/^@throws (\w+)/gm, (_, name: string) => `**Throws** ${code(name)}`)
    .replaceAll(/^@param (\w+)/gm, (_, name: string) => `\n**${code(name)}**:`)
    .replaceAll(/^@returns/gm, "\n**Returns**")
    .replaceAll(/^@see (\S+)/gm, "\nSee <$1>.");
}
