import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const TIMEOUT_MS = 120_000;
const HERE = fileURLToPath(new URL(".", import.meta.url));
const PACKAGE = join(HERE, "..");
const tool = (name: string): string => join(PACKAGE, "node_modules", ".bin", name);

// What pnpm tells its children of this workspace must not reach the npm of another project.
const env = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^p?npm_(?!config_(cache|cafile)$)/i.test(name)),
);

/** Runs a command to its end. A failure carries what it printed. */
async function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, {
    cwd,
    env,
    timeout: TIMEOUT_MS,
  }).catch((error: Error & { stdout?: string; stderr?: string }) => {
    throw new Error(`${command} ${args.join(" ")}\n${error.stdout}\n${error.stderr}`, {
      cause: error,
    });
  });
  return stdout;
}

let folder = "";
let tarball = "";
let unpacked = "";
let project = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "edgezero-rollout-"));
  project = join(folder, "project");
  await mkdir(project);
  await run(PACKAGE, tool("tsc"), "-p", "tsconfig.build.json");
  await run(PACKAGE, "pnpm", "pack", "--pack-destination", folder);
  tarball = join(folder, (await readdir(folder)).find((name) => name.endsWith(".tgz")) ?? "none");
  await writeFile(join(project, "package.json"), '{ "private": true, "type": "module" }');
  const quiet = ["--offline", "--no-audit", "--no-fund", "--ignore-scripts"];
  await run(project, "npm", "install", ...quiet, tarball);
  unpacked = join(project, "node_modules", "@edgezero", "rollout");
}, TIMEOUT_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the packed file", () => {
  test("passes publint", { timeout: TIMEOUT_MS }, async () => {
    expect(await run(folder, tool("publint"), "run", "--strict", tarball)).toContain("All good!");
  });

  test("passes are-the-types-wrong, as ESM only", { timeout: TIMEOUT_MS }, async () => {
    const report = await run(folder, tool("attw"), "--profile", "esm-only", tarball);
    expect(report).toContain('"@edgezero/rollout"');
  });

  test("holds the build of each source file, the sources that its maps name, and no more", async () => {
    const files = await readdir(unpacked, { recursive: true });
    const sources = files.filter((file) => /^src\/.+\.ts$/.test(file));
    const inWorkspace = await readdir(join(PACKAGE, "src"), { recursive: true });
    const expected = inWorkspace.filter((file) => /(?<!\.test)\.ts$/.test(file));
    expect(new Set(sources)).toEqual(new Set(expected.map((file) => `src/${file}`)));
    const built = sources.flatMap((file) => {
      const name = file.replace(/^src/, "dist").replace(/\.ts$/, "");
      return [".js", ".js.map", ".d.ts", ".d.ts.map"].map((ending) => name + ending);
    });
    const around = ["LICENSE", "README.md", "package.json"];
    const folders = ["src", "dist"].flatMap((name) => [
      name,
      `${name}/attribution`,
      `${name}/force`,
      `${name}/probe`,
    ]);
    expect(new Set(files)).toEqual(new Set([...sources, ...built, ...around, ...folders]));
  });

  test("depends on nothing", async () => {
    const text = await readFile(join(unpacked, "package.json"), "utf8");
    const manifest = JSON.parse(text) as Record<string, unknown>;
    for (const kind of ["dependencies", "peerDependencies", "optionalDependencies"]) {
      expect(manifest).not.toHaveProperty(kind);
    }
    expect(manifest).toMatchObject({ type: "module", sideEffects: false });
    expect(text).not.toMatch(/catalog:|workspace:/);
    expect(await readdir(join(project, "node_modules", "@edgezero"))).toEqual(["rollout"]);
  });
});

describe("an empty project with the packed file installed", () => {
  test("imports every public name, and decides", { timeout: TIMEOUT_MS }, async () => {
    const script = `
      import * as rollout from "@edgezero/rollout";
      const values = { edgezero_enabled: "true", edgezero_rollout_pct: "86" };
      const state = await rollout.readRollout({ get: (key) => values[key] ?? null });
      const decision = rollout.decide(state, "1.2.3.4");
      const names = Object.keys(rollout).sort();
      const attribution = Object.keys(await import("@edgezero/rollout/attribution")).sort();
      const force = Object.keys(await import("@edgezero/rollout/force")).sort();
      const probe = Object.keys(await import("@edgezero/rollout/probe")).sort();
      console.log(JSON.stringify({ names, attribution, force, probe, decision }));`;
    const output = await run(project, process.execPath, "--input-type=module", "-e", script);
    expect(JSON.parse(output)).toEqual({
      names: [
        "CONFIG_STORE_NAME",
        "ConfigStoreUnavailableError",
        "EDGEZERO_ENABLED_KEY",
        "EDGEZERO_ROLLOUT_PCT_KEY",
        "PATH_HEADER",
        "REASONS",
        "canonicalClientIp",
        "clientBucket",
        "createRollout",
        "createRolloutHandler",
        "decide",
        "fnv1a32",
        "fnv1aBucket",
        "parseEdgezeroFlag",
        "parseRolloutPct",
        "readRollout",
        "routesToEdgezero",
      ],
      attribution: [
        "DECISION_HEADER",
        "EVENT_VERSION",
        "createAttribution",
        "formatDecision",
        "parseDecision",
        "sampleEvents",
      ],
      force: ["FORCE_COOKIE", "FORCE_HEADER", "FORCE_LINK_PATH", "createForce", "mintForceToken"],
      probe: ["PROBE_HEADER", "createProbe", "formatProbe", "mintProbeToken", "parseProbe"],
      decision: { path: "edgezero", reason: "bucket", rolloutPct: 86, bucket: 85 },
    });
  });

  test.each([
    { file: "without-web-types.ts", lib: ["ES2024"] },
    { file: "without-web-types.ts", lib: ["ES2024", "DOM"] },
    { file: "with-dom-types.ts", lib: ["ES2024", "DOM"] },
  ])(
    "type-checks $file with lib $lib and no other types",
    { timeout: TIMEOUT_MS },
    async ({ file, lib }) => {
      const compilerOptions = {
        module: "nodenext",
        target: "es2024",
        lib,
        types: [],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      };
      await copyFile(join(HERE, "consumer", file), join(project, file));
      await writeFile(
        join(project, "tsconfig.json"),
        JSON.stringify({ compilerOptions, files: [file] }),
      );
      const listed = await run(project, tool("tsc"), "-p", "tsconfig.json", "--listFiles");
      for (const entry of ["", "attribution/", "force/", "probe/"]) {
        expect(listed).toContain(`node_modules/@edgezero/rollout/dist/${entry}index.d.ts`);
      }
      expect(listed).not.toContain("node_modules/@edgezero/rollout/src");
    },
  );
});
