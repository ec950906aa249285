import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { DOCS } from "../scripts/pages.ts";

const run = promisify(execFile);

test.each(["generate.ts", "check-documents.ts"])(
  "scripts/%s finds nothing wrong",
  async (script) => {
    const args = [join(DOCS, "scripts", script), "--check"];
    await expect(run(process.execPath, args)).resolves.toMatchObject({ stderr: "" });
  },
);
