import { dirname, resolve } from "node:path";
import { messageOf } from "@edgezero/faults/faults";
import { readRegularFile } from "@edgezero/stores/file/regular-file";
import { TrustError } from "@edgezero/stores/file/trust";
import { checkTrust } from "./check-trust.ts";
import { ConfigError } from "./config-error.ts";
import type { RolloutConfig } from "./config-schema.ts";
import { findConfig } from "./find-config.ts";
import { runModule } from "./run-module.ts";

/** A valid config file. */
export interface LoadedConfig {
  readonly path: string;
  readonly folder: string;
  readonly config: RolloutConfig;
}

/** The options that say which config file counts. */
export interface ConfigChoice {
  /** The store's URL. */
  readonly store?: string | undefined;
  /** The path of the config file. */
  readonly config?: string | undefined;
}

/**
 * Loads the config file: the given one, or the nearest one. Where the store is given and the file is
 * not, no file is looked for: such a command depends on no file but the store's own.
 *
 * @returns `null` where no file counts.
 * @throws ConfigError when the file cannot be trusted or read, or is not valid.
 */
export async function loadConfig(
  { store, config: given }: ConfigChoice,
  cwd: string,
): Promise<LoadedConfig | null> {
  if (given !== undefined) return loadAt(resolve(cwd, given));
  const path = store === undefined ? findConfig(cwd) : null;
  return path === null ? null : loadAt(path);
}

/**
 * Loads the nearest config file where reading it runs no code: `null` where that file is TypeScript. For
 * the completion of a shell, where nobody has decided to run anything.
 *
 * @throws ConfigError when the file cannot be trusted or read, or is not valid.
 */
export async function loadDataConfig(cwd: string): Promise<LoadedConfig | null> {
  const path = findConfig(cwd);
  return path?.endsWith(".json") ? loadAt(path) : null;
}

async function loadAt(path: string): Promise<LoadedConfig> {
  const content = await readConfig(path);
  // The schema's library is loaded only here: most ways to operate a store need no config file.
  const { configSchema } = await import("./config-schema.ts");
  const { error, data } = configSchema.safeParse(content);
  if (data === undefined) {
    const findings = (error?.issues ?? []).map(
      ({ path: place, message }) => `${place.join(".") || "the whole"}: ${message}`,
    );
    throw new ConfigError(`${path} is not valid: ${findings.join("; ")}`);
  }
  return { path, folder: dirname(path), config: data };
}

/**
 * Reads a config file that need not be valid: whatever it has.
 *
 * @throws ConfigError when the file cannot be trusted or read.
 */
export async function readConfig(path: string): Promise<unknown> {
  try {
    await checkTrust(path);
    if (!path.endsWith(".json")) return await runModule(path);
    return JSON.parse((await readRegularFile(path)).toString());
  } catch (error) {
    if (error instanceof TrustError) throw new ConfigError(error.message, { cause: error });
    throw new ConfigError(`${path} cannot be loaded: ${messageOf(error)}`, { cause: error });
  }
}
