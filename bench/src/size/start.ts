import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Entry } from "./entries.ts";

const DIST = fileURLToPath(import.meta.resolve("../../../packages/rollout/dist/index.js"));

/** A program that makes one decision. Its packages are loaded as they are installed. */
export interface Program {
  readonly name: string;
  readonly file: string;
}

/** Programs for all entries, and one that does nothing, first. In a folder that `remove` removes. */
export async function createPrograms(
  entries: readonly Entry[],
): Promise<{ readonly programs: readonly Program[]; remove: () => void }> {
  const folders = new Map<string, string>();
  const programs: Program[] = [];
  for (const { name, file } of entries) {
    // Beside the entry, so that its packages are found.
    const parent = dirname(file);
    const folder = folders.get(parent) ?? mkdtempSync(join(parent, ".start-"));
    folders.set(parent, folder);
    const outfile = join(folder, `${basename(file, ".ts")}.mjs`);
    await build({
      stdin: { contents: mainOf(file), resolveDir: parent, loader: "ts" },
      bundle: true,
      packages: "external",
      // Ours, as it is published.
      alias: { "@edgezero/rollout": DIST },
      external: [DIST],
      platform: "node",
      format: "esm",
      outfile,
      logLevel: "error",
    });
    if (programs.length === 0) {
      const nothing = join(folder, "nothing.mjs");
      writeFileSync(nothing, 'process.stdout.write("done");process.exit();');
      programs.push({ name: "nothing", file: nothing });
    }
    programs.push({ name, file: outfile });
  }
  return {
    programs,
    remove: () => {
      for (const folder of folders.values()) rmSync(folder, { recursive: true });
    },
  };
}

/** Starts a program; gives the milliseconds until it has decided once. */
export async function timeToFirstDecision({ name, file }: Program): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ["--no-warnings", file], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const decidedAt = await new Promise<number>((resolve, reject) => {
    child.stdout.once("data", () => resolve(performance.now()));
    child.once("exit", () => reject(new Error(`${name} ended without a decision`)));
  });
  child.kill("SIGKILL");
  return decidedAt - startedAt;
}

function mainOf(file: string): string {
  return `import { open } from ${JSON.stringify(file)};
const rollout = await open(10);
await rollout.count(["192.0.2.7"]);
process.stdout.write("done");
process.exit();`;
}
