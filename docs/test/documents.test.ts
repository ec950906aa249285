import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { DOCS, REPOSITORY } from "../scripts/pages.ts";

const run = promisify(execFile);

test.each(["generate.ts", "check-documents.ts", "check-calls.ts"])(
  "scripts/%s finds nothing wrong",
  async (script) => {
    const args = [join(DOCS, "scripts", script), "--check"];
    await expect(run(process.execPath, args)).resolves.toMatchObject({ stderr: "" });
  },
);

test("the README is read in one go: at most 120 lines", () => {
  const lines = readFileSync(join(REPOSITORY, "README.md"), "utf8").trimEnd().split("\n");
  expect(lines.length).toBeLessThanOrEqual(120);
});
