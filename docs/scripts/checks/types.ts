import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Block } from "../blocks.ts";
import { DOCS, REPOSITORY } from "../pages.ts";

const TSC = join(REPOSITORY, "node_modules", ".bin", "tsc");

/** The types that a platform's programs see. They contradict each other. */
const PLATFORMS = [
  { uses: /"fastly:/, types: ["@fastly/js-compute"] },
  { uses: /"cloudflare:/, types: ["@cloudflare/workers-types"] },
  { uses: /(?:)/, types: ["node"] },
] as const;

/** The type files of a package, in place of those in the workspace. */
export type PackagePaths = Readonly<Record<string, readonly string[]>>;

/** The compiler's faults in the TypeScript of documents. Each block is a separate module. */
export async function typeFindings(
  blocks: readonly Block[],
  paths: PackagePaths = {},
): Promise<string[]> {
  const checked = blocks.filter(
    ({ language, directives }) => language === "ts" && directives["not run"] === undefined,
  );
  mkdirSync(join(DOCS, ".scratch"), { recursive: true });
  // Within the documentation's package, whose dependencies the blocks may import.
  const folder = mkdtempSync(join(DOCS, ".scratch", "types-"));
  try {
    const groups = PLATFORMS.map(({ types }, i) => {
      const own = checked.filter(({ text }) => platformOf(text) === i);
      return compile(join(folder, String(i)), own, types, paths);
    });
    return (await Promise.all(groups)).flat();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function platformOf(text: string): number {
  return PLATFORMS.findIndex(({ uses }) => uses.test(text));
}

async function compile(
  folder: string,
  blocks: readonly Block[],
  types: readonly string[],
  paths: PackagePaths,
): Promise<string[]> {
  if (blocks.length === 0) return [];
  mkdirSync(folder);
  const names = blocks.map((block) => {
    const name = nameOf(block);
    writeFileSync(join(folder, name), block.text);
    return name;
  });
  const compilerOptions = { types, lib: ["ES2024"], paths };
  const config = { extends: "../../../../tsconfig.base.json", compilerOptions, files: names };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const output = await new Promise<string>((resolve) => {
    execFile(TSC, ["-p", folder, "--pretty", "false"], { cwd: folder }, (_, stdout) =>
      resolve(stdout),
    );
  });
  return output
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const found = blocks.find((_, i) => line.startsWith(names[i] ?? "-"));
      return found === undefined ? line : `${found.document}:${found.line}: ${line}`;
    });
}

/** A block that another one imports gets the name by which it is imported. */
function nameOf({ document, line, text }: Block): string {
  if (/export function createHttpStore/.test(text)) return "http-store.ts";
  return `${document.replaceAll(/[^a-z]/gi, "-")}-${line}.ts`;
}
