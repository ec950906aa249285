import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const APP = fileURLToPath(new URL("..", import.meta.url));

interface Deployed {
  readonly status: number | null;
  readonly stderr: string;
}

function deploy(...args: string[]): Deployed {
  const script = ["scripts/deploy.ts", "--dry-run", ...args];
  return spawnSync(process.execPath, script, { cwd: APP, encoding: "utf8" });
}

test("a variable that is not valid is refused before the upload, by name", () => {
  const { status, stderr } = deploy("--var", "UPSTREAM_TIMEOUT_MS:30s");
  expect(stderr).toContain(
    'UPSTREAM_TIMEOUT_MS is "30s": it must be a whole number from 1 to 2147483647',
  );
  expect(status).toBe(1);
});

test("an origin is read to its end, and so is the rest", () => {
  const { status, stderr } = deploy("--var", "LEGACY_ORIGIN:http://127.0.0.1:9101");
  expect(stderr).toContain("EDGEZERO_ORIGIN is not set");
  expect(status).toBe(1);
});

test("valid variables are deployed, and the Worker learns that they were checked", () => {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-deploy-"));
  try {
    expect(deploy("--outdir", folder).status).toBe(0);
    expect(readFileSync(join(folder, "main.js"), "utf8")).not.toContain("VARIABLES_WERE_CHECKED");
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 30_000);
