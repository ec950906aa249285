import { execFile } from "node:child_process";
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const TIMEOUT_MS = 300_000;
/** Ten packages, one after another, each with a compilation. */
const PACKING_MS = 900_000;
const PACKAGES = fileURLToPath(new URL("../..", import.meta.url));
/** The command, and the packages of this repository that it needs, by folder. */
const NAMES = {
  cli: "edgezero-rollout",
  config: "@edgezero/config",
  "control-api": "@edgezero/control-api",
  evidence: "@edgezero/evidence",
  faults: "@edgezero/faults",
  operations: "@edgezero/operations",
  progression: "@edgezero/progression",
  rollout: "@edgezero/rollout",
  starter: "@edgezero/starter",
  stores: "@edgezero/stores",
} as const;
type Folder = keyof typeof NAMES;
const FOLDERS = Object.keys(NAMES) as Folder[];
/** These have a test like this one, which may build them at the same time. */
const OTHERS_PACK: ReadonlySet<Folder> = new Set(["rollout", "stores"]);

let folder = "";
const tarballOf = (name: Folder): string => join(folder, `${name}.tgz`);
const unpackedOf = (name: Folder): string => join(folder, "node_modules", NAMES[name]);

async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd, timeout: TIMEOUT_MS });
  return stdout;
}

/** Packs and unpacks a package, as an installation of its file does. */
async function pack(name: Folder): Promise<void> {
  const cwd = join(PACKAGES, name);
  const isOthers = OTHERS_PACK.has(name);
  const options = isOthers ? ["--config.ignore-scripts=true"] : [];
  const packOnce = async (): Promise<string> =>
    run(cwd, "pnpm", "pack", "--out", tarballOf(name), ...options);
  // Files may vanish while they are packed, where the other test empties `dist`.
  await packOnce().catch(packOnce);
  mkdirSync(unpackedOf(name), { recursive: true });
  await run(folder, "tar", "-xzf", tarballOf(name), "-C", unpackedOf(name), "--strip-components=1");
  if (!isOthers) return;
  // A build of its own, since theirs may be half done.
  const tsc = join(cwd, "node_modules", ".bin", "tsc");
  await run(cwd, tsc, "-p", "tsconfig.build.json", "--outDir", join(unpackedOf(name), "dist"));
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly files?: readonly string[];
}

function manifestIn(root: string): Manifest {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
}

/** The packed manifest's dependencies. */
function dependenciesOf(name: Folder): string[] {
  return Object.keys(manifestIn(unpackedOf(name)).dependencies ?? {});
}

/** The documents and data that a package names beside its build. */
function namedFiles(name: Folder): string[] {
  const cwd = join(PACKAGES, name);
  return (manifestIn(cwd).files ?? [])
    .filter((pattern) => pattern !== "dist")
    .flatMap((pattern) => globSync([pattern, `${pattern}/**`], { cwd }))
    .filter((file) => /\.\w+$/.test(file));
}

beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "edgezero-cli-package-")));
  for (const name of FOLDERS) await pack(name);
  // The packages of others are linked, since a test must not need a registry.
  for (const name of FOLDERS) {
    for (const dependency of dependenciesOf(name)) {
      const link = join(folder, "node_modules", dependency);
      if (dependency.startsWith("@edgezero/")) continue;
      mkdirSync(dirname(link), { recursive: true });
      rmSync(link, { force: true });
      symlinkSync(realpathSync(join(PACKAGES, name, "node_modules", dependency)), link);
    }
  }
}, PACKING_MS);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ownPacked = FOLDERS.filter((name) => !OTHERS_PACK.has(name));

test.each(ownPacked)(
  "the packed file of %s passes publint",
  { timeout: TIMEOUT_MS },
  async (name) => {
    const publint = join(PACKAGES, "cli", "node_modules", ".bin", "publint");
    expect(await run(folder, publint, "run", "--strict", tarballOf(name))).toContain("All good!");
  },
);

test.each(ownPacked)("that of %s holds the build, and no source or test", (name) => {
  const files = globSync("**", { cwd: unpackedOf(name) }).filter((file) =>
    /\.\w+$|LICENSE/.test(file),
  );
  const others = files.filter((file) => !/^dist\/.*(?:\.d\.ts|\.js)$/.test(file));
  const named = ["LICENSE", "README.md", "package.json", ...namedFiles(name)];
  expect(others.toSorted()).toEqual(named.toSorted());
  expect(files.length).toBeGreaterThan(others.length);
  expect(files.filter((file) => file.includes(".test."))).toEqual([]);
  const manifest = readFileSync(join(unpackedOf(name), "package.json"), "utf8");
  expect(manifest).not.toMatch(/catalog:|workspace:/);
});

test.each(ownPacked)("that of %s exports what the workspace imports", (name) => {
  const { exports = {} } = manifestIn(join(PACKAGES, name));
  // Vectors are for the tests of this repository.
  const paths = Object.keys(exports).filter((path) => !path.startsWith("./vectors/"));
  expect(Object.keys(manifestIn(unpackedOf(name)).exports ?? {})).toEqual(paths);
});

test("the command's holds its entries", () => {
  const files = globSync("**", { cwd: unpackedOf("cli") });
  expect(files).toEqual(expect.arrayContaining(["dist/main.js", "dist/index.d.ts"]));
});

test("each packed dependency is packed too", () => {
  const needed = FOLDERS.flatMap(dependenciesOf).filter((name) => name.startsWith("@edgezero/"));
  const packed = Object.values(NAMES);
  expect(packed).toEqual(expect.arrayContaining(needed));
});

async function rollout(...args: string[]): Promise<string> {
  return run(folder, process.execPath, join(unpackedOf("cli"), "dist", "main.js"), ...args);
}

describe("its command, with its packed dependencies, from any folder", () => {
  test("runs", async () => {
    expect(await rollout("--version")).toBe("0.1.0\n");
    const init = await rollout("init", "--store", "file:./rollout.json");
    expect(init).toContain("written and read back");
    expect(await rollout("bucket", "203.0.113.7")).toContain("36");
  });

  test("changes, rolls back, and reads its config file and its trail", async () => {
    await rollout("enable", "--yes");
    await rollout("set", "1", "--yes");
    expect(JSON.parse(await rollout("status", "--json"))).toMatchObject({
      environment: "default",
      state: { rolloutPct: 1 },
    });
    const unproven = await rollout("rollback", "--accept-unverified", "--json");
    expect(JSON.parse(unproven)).toMatchObject({ written: true, verified: false });
    expect(await rollout("log", "--verify")).toContain("whole: 8 entries");
  });

  test("gives `edgezero.config.ts` its types' function", async () => {
    writeFileSync(
      join(folder, "config.mjs"),
      'import { defineConfig } from "edgezero-rollout"; console.log(defineConfig({ plan: [] }));',
    );
    expect(await run(folder, process.execPath, "config.mjs")).toBe("{ plan: [] }\n");
  });
});
