import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FASTLY_SETTINGS, readSettings } from "@edgezero/settings";
import type { Setting } from "@edgezero/settings";

/** The compiler's program. It is beside the one module that its package exports. */
const COMPILER = fileURLToPath(
  new URL("cli/js-compute-runtime-cli.js", import.meta.resolve("@fastly/js-compute")),
);
const SETTINGS: readonly Setting[] = Object.values(FASTLY_SETTINGS);
/** The texts to build with where the environment does not have a variable, not even an empty one. */
const SHIPPED = Object.fromEntries(
  SETTINGS.flatMap(({ name, shipped }) => (shipped === undefined ? [] : [[name, shipped]])),
);

/** Environment variables, of which those that are settings go into the program. */
export type BuildEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Compiles a program for Fastly Compute. Settings are of the build, since a service has none of its
 * own.
 *
 * @throws SettingsError when a setting is not valid; Error when the program does not compile.
 */
export async function compile(source: string, wasm: string, env: BuildEnvironment): Promise<void> {
  const given: BuildEnvironment = { ...SHIPPED, ...env };
  readSettings(FASTLY_SETTINGS, (name) => given[name]);
  await compileUnchecked(source, wasm, given);
}

/** Compiles a program with settings as they are, valid or not: for tests of such a program. */
export async function compileUnchecked(
  source: string,
  wasm: string,
  env: BuildEnvironment,
): Promise<void> {
  // By name alone, so that no comma in a value starts another variable.
  const options = SETTINGS.flatMap(({ name }) => (env[name] ? ["--env", name] : []));
  await promisify(execFile)(process.execPath, [COMPILER, ...options, source, wasm], {
    env: { ...process.env, ...env },
  });
}
