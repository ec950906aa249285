import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DOCS, REPOSITORY } from "../scripts/pages.ts";

/** The packages that run in the command. */
const SOURCES = "packages/{cli,config,operations,stores}/src/**/*.ts";
/** What names a variable: upper case, of one of these beginnings, or a proxy. */
const VARIABLE = /"((?:EDGEZERO|FASTLY|CLOUDFLARE|FORCE)_[A-Z_]+|(?:HTTPS?|NO)_PROXY)"/g;

/** The texts that a pattern's group finds, each once. */
function namesIn(text: string, pattern: RegExp): ReadonlySet<string> {
  return new Set(Array.from(text.matchAll(pattern), ([, name = ""]) => name));
}

test("the table of the command's variables has each one that its source names", () => {
  const source = globSync(SOURCES, { cwd: REPOSITORY, exclude: ["**/node_modules"] })
    .filter((file) => !file.endsWith(".test.ts"))
    .map((file) => readFileSync(join(REPOSITORY, file), "utf8"))
    .join("\n");
  const page = readFileSync(join(DOCS, "reference/settings.md"), "utf8");
  const [, command = ""] = page.split("## The command");
  expect(namesIn(command, /^\| `([A-Z_]+)`/gm)).toEqual(namesIn(source, VARIABLE));
});
