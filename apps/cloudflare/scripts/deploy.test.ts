import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test, vi } from "vitest";
import { unstable_readConfig } from "wrangler";

// Each test runs wrangler, which a busy machine starts slowly.
vi.setConfig({ testTimeout: 60_000 });

const APP = fileURLToPath(new URL("..", import.meta.url));

interface Deployed {
  readonly status: number | null;
  readonly stdout: string;
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

test("the README's namespace, origins and route are deployed", () => {
  const readme = readFileSync(join(APP, "README.md"), "utf8");
  const [first = "", second = ""] = [...readme.matchAll(/ {3}```jsonc\n([^]*?)```/g)].map(
    ([, text = ""]) => text,
  );
  const own = { ...unstable_readConfig({ config: join(APP, "wrangler.jsonc") }) };
  const { kv_namespaces, vars, ...rest } = parsed(first);
  const { name, main, compatibility_date } = own;
  const config = { name, main, compatibility_date, kv_namespaces, ...rest, ...parsed(second) };
  const path = join(APP, "wrangler.readme.json");
  try {
    writeFileSync(path, JSON.stringify({ ...config, vars: { ...own.vars, ...(vars as object) } }));
    const { status, stdout, stderr } = deploy("--config", path);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stdout).toMatch(/TRUSTED_SERVER_CONFIG \(0123456789abcdef0123456789abcdef\)/);
    expect(stdout).toContain("https://edgezero.example.com");
  } finally {
    rmSync(path, { force: true });
  }
}, 60_000);

/** A block of JSON with trailing commas, and without comments. */
function parsed(text: string): Record<string, unknown> {
  return JSON.parse(text.replaceAll(/,(?=\s*[}\]])/g, "")) as Record<string, unknown>;
}

test("valid variables are deployed, and the Worker learns that they were checked", () => {
  const folder = mkdtempSync(join(tmpdir(), "edgezero-deploy-"));
  try {
    expect(deploy("--outdir", folder).status).toBe(0);
    expect(readFileSync(join(folder, "main.js"), "utf8")).not.toContain("VARIABLES_WERE_CHECKED");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
