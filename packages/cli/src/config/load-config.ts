import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { messageOf } from "@edgezero/faults/faults";
import { CliError } from "../cli-error.ts";
import { readRegularFile } from "@edgezero/stores/file/regular-file";
import type { RolloutConfig } from "./config-schema.ts";
import { runModule } from "./run-module.ts";

const NAMES = ["edgezero.config.ts", "edgezero.config.json"] as const;

/** A config file that was found and is valid. */
export interface LoadedConfig {
  readonly path: string;
  readonly folder: string;
  readonly config: RolloutConfig;
}

/**
 * Loads the config file: the given one, or the first that is found in `cwd` and the folders above.
 *
 * @returns `null` when none was given and there is none.
 * @throws CliError when it cannot be read or is not valid.
 */
export async function loadConfig(
  given: string | undefined,
  cwd: string,
): Promise<LoadedConfig | null> {
  const path = given === undefined ? findConfig(cwd) : resolve(cwd, given);
  if (path === null) return null;
  const content = await readConfig(path);
  // Loaded here only, since most ways to operate a store need no config file.
  const { configSchema } = await import("./config-schema.ts");
  const { error, data } = configSchema.safeParse(content);
  if (data === undefined) {
    const faults = (error?.issues ?? []).map(
      ({ path: where, message }) => `${where.join(".") || "the whole"}: ${message}`,
    );
    throw new CliError("usage", `${path} is not valid: ${faults.join("; ")}`);
  }
  return { path, folder: dirname(path), config: data };
}

/** The path of the config file that counts in a folder, or `null`. */
export function findConfig(cwd: string): string | null {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    for (const name of NAMES) {
      if (existsSync(join(folder, name))) return join(folder, name);
    }
    if (dirname(folder) === folder) return null;
  }
}

async function readConfig(path: string): Promise<unknown> {
  try {
    if (!path.endsWith(".json")) return await runModule(path);
    return JSON.parse((await readRegularFile(path)).toString());
  } catch (error) {
    throw new CliError("usage", `${path} cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
}
