import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { RUNBOOK_PLAN } from "@edgezero/progression/plan";
import { createFile, replaceFile } from "@edgezero/stores/file/durable-file";
import { fileLocation } from "@edgezero/stores/file/location";
import { journalUrlFault } from "@edgezero/stores/journal/location";
import { redact } from "@edgezero/stores/redact";
import { ConfigChangedError, ConfigError } from "./config-error.ts";
import type { EnvironmentConfig, RolloutConfig } from "./config-schema.ts";
import { findConfig } from "./find-config.ts";
import { sharedJournals } from "./journal-config.ts";
import type { LoadedConfig } from "./load-config.ts";
import { loadConfig } from "./load-config.ts";
import { PROBE_SECRET_ENV } from "./probe-secret.ts";
import { SCHEMA_COPY, schemaReference } from "./schema-reference.ts";
import type { TargetOptions, Variables } from "./target.ts";
import { explicitStore, JOURNAL_ENV } from "./target.ts";

/** A config file that is still to be written. */
export interface ConfigChange {
  readonly path: string;
  readonly text: string;
  /** The text that it replaces; `null` where the file is new. */
  readonly replaces: string | null;
  /** What is added, for people. */
  readonly what: string;
}

/** What `init` is to do with the config file, and the choice of the store. */
export interface PlannedConfig {
  readonly choice: TargetOptions;
  /** `null` where the file stays as it is. */
  readonly change: ConfigChange | null;
}

/**
 * Decides what to write, before anything is written: a new config file where no such file exists, or
 * the environment that `--env` names, where the file does not have it.
 *
 * @throws ConfigError where the environment cannot be added.
 */
export async function planConfig(
  options: TargetOptions,
  variables: Variables,
  cwd: string,
): Promise<PlannedConfig> {
  const store = options.store ?? variables["EDGEZERO_STORE"] ?? "";
  const journal = checkedJournal(variables[JOURNAL_ENV] ?? "");
  if (options.env === undefined) {
    const change = newConfig({ ...options, store }, "default", cwd, journal);
    return { choice: options, change };
  }
  const name = checkedName(options.env);
  const path = options.config === undefined ? findConfig(cwd) : resolve(cwd, options.config);
  const loaded = path !== null && existsSync(path) ? await loadConfig({ config: path }, cwd) : null;
  const known = loaded?.config.environments?.[name];
  if (known !== undefined)
    return { choice: ofKnown(options, name, known, loaded, cwd), change: null };
  if (store === "") {
    throw new ConfigError(`no store is named for the new environment ${JSON.stringify(name)}`, {
      hint: `Give its URL: \`init --env ${name} --store <url>\`.`,
    });
  }
  if (redact(store) !== store) {
    throw new ConfigError("the store's URL holds a password, which no config file may hold", {
      hint: "Nothing was written. Keep such a URL in EDGEZERO_STORE, without --env.",
    });
  }
  const named = { ...options, env: undefined, store };
  const change =
    loaded === null
      ? newConfig(named, name, cwd, journal)
      : addedTo(loaded, name, { store, journal }, cwd);
  return { choice: { ...named, config: undefined }, change };
}

function checkedName(name: string): string {
  if (/^[\w.-]+$/.test(name)) return name;
  throw new ConfigError(
    `--env ${JSON.stringify(name)} cannot name an environment: a name has letters, digits, "_", "." and "-" only`,
  );
}

function checkedJournal(url: string): string {
  const fault = url === "" ? null : journalUrlFault(url);
  if (fault === null) return url;
  throw new ConfigError(`${JOURNAL_ENV} names no journal: it must be ${fault}`);
}

/** The options of an environment that is there. Its store wins; another one is refused. */
function ofKnown(
  options: TargetOptions,
  name: string,
  known: EnvironmentConfig,
  loaded: LoadedConfig | null,
  cwd: string,
): TargetOptions {
  const given = explicitStore(options, {}, cwd);
  const stored = explicitStore({ store: known.store }, {}, loaded?.folder ?? cwd);
  if (given !== null && given !== stored) {
    throw new ConfigError(`${loaded?.path} has an environment ${name} with another store`, {
      hint: `Nothing was written. It has ${redact(known.store)}.`,
    });
  }
  return { ...options, store: undefined };
}

/** A config file with the runbook's plan; `null` where there is a config file already. */
function newConfig(
  { config: given, store = "" }: TargetOptions,
  name: string,
  cwd: string,
  journal: string,
): ConfigChange | null {
  const path = resolve(cwd, given ?? "edgezero.config.json");
  if (given !== undefined && existsSync(path)) return null;
  if (findConfig(cwd) !== null || existsSync(path)) return null;
  if (!path.endsWith(".json")) return null;
  // The file is committed, so it must not hold credentials: such a store is named elsewhere.
  const isSafe = store !== "" && redact(store) === store;
  const folder = dirname(path);
  const config: RolloutConfig = {
    $schema: schemaReference(folder),
    ...(isSafe && { environments: { [name]: environmentOf({ store, journal }, cwd, folder) } }),
    plan: [...RUNBOOK_PLAN],
  };
  return { path, text: textOf(config), replaces: null, what: "plan" };
}

function addedTo(loaded: LoadedConfig, name: string, places: Places, cwd: string): ConfigChange {
  const { path, folder } = loaded;
  const environment = environmentOf(places, cwd, folder);
  if (!path.endsWith(".json")) {
    throw new ConfigError(`${path} is code, to which \`init\` adds nothing`, {
      hint: `Nothing was written. Add to its environments: ${JSON.stringify({ [name]: environment })}`,
    });
  }
  const replaces = readFileSync(path, "utf8");
  // From the file's own text, so that its order stays.
  const config = JSON.parse(replaces) as RolloutConfig;
  const environments = { ...config.environments, [name]: environment };
  const shared = sharedJournals(environments).find((pair) => pair.includes(name));
  if (shared !== undefined) {
    const other = shared.find((each) => each !== name) ?? "";
    throw new ConfigError(`${JOURNAL_ENV} is where environment ${other} has its journal or store`, {
      hint: `Nothing was written. Give another key: ?key=${name}`,
    });
  }
  const text = textOf({ ...config, environments });
  return { path, text, replaces, what: `environment ${name}` };
}

/** The URL of a store, and that of its journal; `""` where its trail is a file. */
interface Places {
  readonly store: string;
  readonly journal: string;
}

/**
 * An environment; the path of a file is relative to the config file. Its journal is where `init` records its
 * own change.
 */
function environmentOf({ store, journal }: Places, cwd: string, folder: string): EnvironmentConfig {
  const isMoved = folder !== cwd && /^file:(?!\/)/.test(store);
  const url = isMoved ? `file:./${relative(folder, fileLocation(store, cwd))}` : store;
  const named = redact(journal) === journal ? journal : { urlEnv: JOURNAL_ENV };
  return {
    store: url,
    ...(journal !== "" && { journal: named }),
    probe: { secretEnv: PROBE_SECRET_ENV },
  };
}

function textOf(config: RolloutConfig): string {
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** Writes a config file, and a copy of its schema where it refers to one. */
export async function writeConfig({ path, text, replaces }: ConfigChange): Promise<void> {
  if (replaces !== null) {
    const check = (): void => {
      if (readFileSync(path, "utf8") === replaces) return;
      throw new ConfigChangedError(`${path} has changed meanwhile: the environment was not added`);
    };
    await replaceFile(path, text, { like: statSync(path), check });
    return;
  }
  await createFile(path, text);
  const copy = join(dirname(path), SCHEMA_COPY);
  if (schemaReference(dirname(path)) !== `./${SCHEMA_COPY}` || existsSync(copy)) return;
  const { configJsonSchema } = await import("./json-schema.ts");
  await createFile(copy, `${JSON.stringify(configJsonSchema(), null, 2)}\n`);
}
