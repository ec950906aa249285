import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { EnvironmentConfig, LoadedConfig, RolloutConfig } from "@edgezero/config";
import { explicitStore, findConfig, loadConfig, PROBE_SECRET_ENV } from "@edgezero/config";
import { RUNBOOK_PLAN } from "@edgezero/progression/plan";
import { createFile, replaceFile } from "@edgezero/stores/file/durable-file";
import { fileLocation } from "@edgezero/stores/file/location";
import { redact } from "@edgezero/stores/redact";
import { CliError } from "../../cli-error.ts";
import type { WriteOptions } from "../write-options.ts";
import { SCHEMA_COPY, schemaReference } from "./schema-reference.ts";

/** A config file that is still to be written. */
export interface ConfigChange {
  readonly path: string;
  readonly text: string;
  /** The text that it replaces; `null` where the file is new. */
  readonly replaces: string | null;
  /** What is added, for people. */
  readonly what: string;
}

/** What `init` is to do with the config file, and the options that name the store. */
export interface PlannedConfig {
  readonly options: WriteOptions;
  /** `null` where the file stays as it is. */
  readonly change: ConfigChange | null;
}

/**
 * Decides what to write, before anything is written: a new config file where no such file exists, or
 * the environment that `--env` names, where the file does not have it.
 *
 * @throws CliError where the environment cannot be added.
 */
export async function planConfig(options: WriteOptions): Promise<PlannedConfig> {
  const cwd = process.cwd();
  if (options.env === undefined) return { options, change: newConfig(options, "default", cwd) };
  const name = checkedName(options.env);
  const path = options.config === undefined ? findConfig(cwd) : resolve(cwd, options.config);
  const loaded = path !== null && existsSync(path) ? await loadConfig({ config: path }, cwd) : null;
  const known = loaded?.config.environments?.[name];
  if (known !== undefined)
    return { options: ofKnown(options, name, known, loaded, cwd), change: null };
  const store = options.store ?? process.env["EDGEZERO_STORE"];
  if (store === undefined || store === "") {
    throw new CliError(
      "usage",
      `no store is named for the new environment ${JSON.stringify(name)}`,
      {
        hint: `Give its URL: \`init --env ${name} --store <url>\`.`,
      },
    );
  }
  if (redact(store) !== store) {
    throw new CliError("usage", "the store's URL holds a password, which no config file may hold", {
      hint: "Nothing was written. Keep such a URL in EDGEZERO_STORE, without --env.",
    });
  }
  const named = { ...options, env: undefined, store };
  const change = loaded === null ? newConfig(named, name, cwd) : addedTo(loaded, name, store, cwd);
  return { options: { ...named, config: undefined }, change };
}

function checkedName(name: string): string {
  if (/^[\w.-]+$/.test(name)) return name;
  throw new CliError(
    "usage",
    `--env ${JSON.stringify(name)} cannot name an environment: a name has letters, digits, "_", "." and "-" only`,
  );
}

/** The options of an environment that is there. Its store wins; another one is refused. */
function ofKnown(
  options: WriteOptions,
  name: string,
  known: EnvironmentConfig,
  loaded: LoadedConfig | null,
  cwd: string,
): WriteOptions {
  const given = explicitStore(options, {}, cwd);
  const stored = explicitStore({ store: known.store }, {}, loaded?.folder ?? cwd);
  if (given !== null && given !== stored) {
    throw new CliError("usage", `${loaded?.path} has an environment ${name} with another store`, {
      hint: `Nothing was written. It has ${redact(known.store)}.`,
    });
  }
  return { ...options, store: undefined };
}

/** A config file with the runbook's plan; `null` where there is a config file already. */
function newConfig(options: WriteOptions, name: string, cwd: string): ConfigChange | null {
  const path = resolve(cwd, options.config ?? "edgezero.config.json");
  if (options.config !== undefined && existsSync(path)) return null;
  if (findConfig(cwd) !== null || existsSync(path)) return null;
  if (!path.endsWith(".json")) return null;
  const store = options.store ?? process.env["EDGEZERO_STORE"] ?? "";
  // The file is committed, so it must not hold credentials: such a store is named elsewhere.
  const isSafe = store !== "" && redact(store) === store;
  const folder = dirname(path);
  const config: RolloutConfig = {
    $schema: schemaReference(folder),
    ...(isSafe && { environments: { [name]: environmentOf(store, cwd, folder) } }),
    plan: [...RUNBOOK_PLAN],
  };
  return { path, text: textOf(config), replaces: null, what: "plan" };
}

function addedTo(loaded: LoadedConfig, name: string, store: string, cwd: string): ConfigChange {
  const { path, folder } = loaded;
  const environment = environmentOf(store, cwd, folder);
  if (!path.endsWith(".json")) {
    throw new CliError("usage", `${path} is code, to which \`init\` adds nothing`, {
      hint: `Nothing was written. Add to its environments: ${JSON.stringify({ [name]: environment })}`,
    });
  }
  const replaces = readFileSync(path, "utf8");
  // From the file's own text, so that its order stays.
  const config = JSON.parse(replaces) as RolloutConfig;
  const environments = { ...config.environments, [name]: environment };
  const text = textOf({ ...config, environments });
  return { path, text, replaces, what: `environment ${name}` };
}

/** An environment; the path of a file is relative to the config file. */
function environmentOf(store: string, cwd: string, folder: string): EnvironmentConfig {
  const isMoved = folder !== cwd && /^file:(?!\/)/.test(store);
  const url = isMoved ? `file:./${relative(folder, fileLocation(store, cwd))}` : store;
  return { store: url, probe: { secretEnv: PROBE_SECRET_ENV } };
}

function textOf(config: RolloutConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Writes a config file, and a copy of its schema where it refers to one. */
export async function writeConfig({ path, text, replaces }: ConfigChange): Promise<void> {
  if (replaces !== null) {
    const check = (): void => {
      if (readFileSync(path, "utf8") === replaces) return;
      throw new CliError("refused", `${path} has changed meanwhile: the environment was not added`);
    };
    await replaceFile(path, text, { like: statSync(path), check });
    return;
  }
  await createFile(path, text);
  const copy = join(dirname(path), SCHEMA_COPY);
  if (schemaReference(dirname(path)) !== `./${SCHEMA_COPY}` || existsSync(copy)) return;
  const { configJsonSchema } = await import("@edgezero/config/json-schema");
  await createFile(copy, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
}
