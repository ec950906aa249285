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
  folder = mkdtempSync(join(tmpdir(), "edgezero-stores-package-"));
  await run(PACKAGE, "pnpm", "pack", "--pack-destination", folder);
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "missing");
  unpacked = join(folder, "node_modules", "@edgezero", "stores");
  mkdirSync(unpacked, { recursive: true });
  await run(folder, "tar", "-xzf", tarball, "-C", unpacked, "--strip-components=1");
  symlinkSync(join(PACKAGE, "node_modules"), join(unpacked, "node_modules"));
}, TIMEOUT_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the packed file passes publint", { timeout: TIMEOUT_MS }, async () => {
  const publint = join(PACKAGE, "node_modules", ".bin", "publint");
  expect(await run(folder, publint, "run", "--strict", tarball)).toContain("All good!");
});

test("it holds the build, no source, no test, and nothing of the testbed", () => {
  const files = globSync("**/*.*", { cwd: unpacked, exclude: ["node_modules"] });
  const others = files.filter((file) => !/^dist\/.*(?:\.d\.ts|\.js)$/.test(file));
  expect(others.toSorted()).toEqual(["README.md", "package.json"]);
  expect(files.filter((file) => file.includes(".test."))).toEqual([]);
  for (const file of files.filter((name) => name.endsWith(".js"))) {
    expect(readFileSync(join(unpacked, file), "utf8")).not.toContain("@edgezero/testbed");
  }
});

interface Exports {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly publishConfig?: Exports;
}

test("what is exported from the source is exported from the build", () => {
  const { exports, publishConfig } = JSON.parse(
    readFileSync(join(PACKAGE, "package.json"), "utf8"),
  ) as Exports;
  expect(Object.keys(exports)).toEqual(Object.keys(publishConfig?.exports ?? {}));
});

/** Folders that are no store: what several share, and the places of journals. */
const NO_STORES = new Set(["cloud", "journal", "proxy"]);
const FOLDERS = readdirSync(join(PACKAGE, "src"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !NO_STORES.has(entry.name))
  .map(({ name }) => name);

test.each(FOLDERS)("%s: every part of the store can be imported", async (store) => {
  const parts = ["location", "reader", "operator"].filter(
    (part) => globSync(`src/${store}/${part}.ts`, { cwd: PACKAGE }).length > 0,
  );
  expect(parts).toEqual(expect.arrayContaining(["location", "operator"]));
  for (const part of parts) {
    const script = `await import("@edgezero/stores/${store}/${part}"); console.log("loaded")`;
    const said = await run(folder, process.execPath, "--input-type=module", "--eval", script);
    expect(said).toBe("loaded\n");
  }
});

test("its insides are not exported", async () => {
  const script = `await import("@edgezero/stores/redis/link").catch(({ code }) => console.log(code))`;
  const said = await run(folder, process.execPath, "--input-type=module", "--eval", script);
  expect(said).toBe("ERR_PACKAGE_PATH_NOT_EXPORTED\n");
});
