import { execFile } from "node:child_process";
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const TIMEOUT_MS = 120_000;
const PACKAGE = fileURLToPath(new URL("..", import.meta.url));

let folder = "";
let tarball = "";
let unpacked = "";

async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd, timeout: TIMEOUT_MS });
  return stdout;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "edgezero-cli-package-"));
  await run(PACKAGE, "pnpm", "pack", "--pack-destination", folder);
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "none");
  // Where the packages that it depends on are found as they are here.
  unpacked = join(folder, "node_modules", "@edgezero", "rollout-cli");
  mkdirSync(unpacked, { recursive: true });
  await run(folder, "tar", "-xzf", tarball, "-C", unpacked, "--strip-components=1");
  symlinkSync(join(PACKAGE, "node_modules"), join(unpacked, "node_modules"));
}, TIMEOUT_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the packed file passes publint", { timeout: TIMEOUT_MS }, async () => {
  const publint = join(PACKAGE, "node_modules", ".bin", "publint");
  expect(await run(folder, publint, "run", "--strict", tarball)).toContain("All good!");
});

test("it holds the build, and no source or test", () => {
  const files = globSync("**", { cwd: unpacked, exclude: ["node_modules"] }).filter((file) =>
    /\.\w+$|LICENSE/.test(file),
  );
  expect(files).toEqual(
    expect.arrayContaining([
      "LICENSE",
      "README.md",
      "dist/main.js",
      "dist/index.d.ts",
      "package.json",
    ]),
  );
  const others = files.filter((file) => !/^dist\/.*(?:\.d\.ts|\.js)$/.test(file));
  expect(others.toSorted()).toEqual(["LICENSE", "README.md", "package.json"]);
  expect(files.filter((file) => file.includes(".test."))).toEqual([]);
  expect(readFileSync(join(unpacked, "package.json"), "utf8")).not.toMatch(/catalog:|workspace:/);
});

test("its command runs, from any folder", async () => {
  const main = join(unpacked, "dist", "main.js");
  expect(await run(folder, process.execPath, main, "--version")).toBe("0.1.0\n");
  const init = await run(folder, process.execPath, main, "init", "--store", "file:./rollout.json");
  expect(init).toContain("written and read back");
  const bucket = await run(folder, process.execPath, main, "bucket", "203.0.113.7");
  expect(bucket).toContain("36");
});
