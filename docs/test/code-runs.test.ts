import { execFile, execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Block } from "../scripts/blocks.ts";
import { blocksOf } from "../scripts/blocks.ts";
import { typeFindings } from "../scripts/checks/types.ts";
import { documents, DOCS, REPOSITORY } from "../scripts/pages.ts";

const run = promisify(execFile);
const blocks = documents()
  .flatMap((document) => blocksOf(document))
  .filter(({ language, isGenerated }) => language === "ts" && !isGenerated);

let folder: string;

beforeAll(() => {
  mkdirSync(join(DOCS, ".scratch"), { recursive: true });
  // Within the documentation's package, whose dependencies the blocks import.
  folder = mkdtempSync(join(DOCS, ".scratch", "run-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

test("TypeScript is checked against the packed core", async () => {
  // Its build is there: turbo builds before it tests.
  const core = join(REPOSITORY, "packages", "rollout");
  const pack = ["pnpm@12", "pack", "--config.ignore-scripts=true", "--pack-destination", folder];
  execFileSync("npx", pack, { cwd: core, env: { ...process.env, npm_config_yes: "true" } });
  execFileSync("tar", ["-xzf", "edgezero-rollout-0.1.0.tgz"], { cwd: folder });
  const types = (entry: string): string[] => [join(folder, "package", "dist", entry, "index.d.ts")];
  const findings = await typeFindings(blocks, {
    "@edgezero/rollout": types("."),
    "@edgezero/rollout/attribution": types("attribution"),
    "@edgezero/rollout/force": types("force"),
  });
  expect(findings).toEqual([]);
});

const printing = blocks.flatMap((block) => {
  const [, printed] = /\/\/ "([^"]+)"[^\n]*\s*$/.exec(block.text) ?? [];
  return printed === undefined ? [] : [{ ...block, printed }];
});

test("there are blocks that say what they print", () => {
  expect(printing.length).toBeGreaterThan(4);
});

test.each(printing)("$document:$line prints what it says", async ({ text, printed }) => {
  const { stdout } = await run(process.execPath, [write(`print-${Math.random()}.ts`, text)]);
  expect(stdout.trim().split("\n").at(-1)).toBe(printed);
});

describe("docs/use/config-store.md", () => {
  test("the store passes the contract suite, as the page sets it up", async () => {
    const [store, suite] = blocksOf("docs/use/config-store.md") as [Block, Block];
    write("http-store.ts", store.text);
    write("http-store.test.ts", suite.text);
    const vitest = join(DOCS, "node_modules", ".bin", "vitest");
    const { stdout } = await run(vitest, ["run", "--root", folder], {
      env: { ...process.env, NO_COLOR: "1" },
    });
    expect(stdout).toMatch(/Tests +\d+ passed/);
  });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
