import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { ATTRIBUTION_SETTINGS, readAttributionSettings } from "@edgezero/gateway";

const COMPILER = fileURLToPath(new URL("../node_modules/.bin/js-compute-runtime", import.meta.url));
const PREFIX = "EDGEZERO_";
/** Every event goes to its endpoint, unless the build says otherwise. */
const DEFAULTS = { EDGEZERO_EVENT_SAMPLE_RATE: "1" };
const SETTINGS = [
  ...ATTRIBUTION_SETTINGS.map((setting) => `${PREFIX}${setting}`),
  `${PREFIX}LOG_LEVEL`,
  `${PREFIX}ORIGIN_TIMEOUT_MS`,
];

/** Environment variables, of which those that are settings go into the program. */
export type BuildEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Compiles a program for Fastly Compute. Settings are of the build, since a service has none of its
 * own.
 *
 * @throws RangeError when a setting is not valid, naming it; Error when the program does not compile.
 */
export async function compile(source: string, wasm: string, env: BuildEnvironment): Promise<void> {
  const given: BuildEnvironment = { ...DEFAULTS, ...env };
  readAttributionSettings((setting) => given[`${PREFIX}${setting}`], PREFIX);
  // By name alone, so that no comma in a value starts another variable.
  const options = SETTINGS.flatMap((name) => (given[name] ? ["--env", name] : []));
  await promisify(execFile)(COMPILER, [...options, source, wasm], {
    env: { ...process.env, ...given },
  });
}
