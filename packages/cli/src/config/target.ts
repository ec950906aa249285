import { resolve } from "node:path";
import { CliError } from "../cli-error.ts";
import type { TrailFiles } from "@edgezero/operations/journal/trail-files";
import { defaultTrailPath, trailFilesAt } from "@edgezero/operations/journal/trail-files";
import type { Plan } from "@edgezero/progression/plan/plan";
import { fileLocation, fileUrl } from "@edgezero/stores/file/location";
import type { EnvironmentConfig } from "./config-schema.ts";
import type { LoadedConfig } from "./load-config.ts";

/** The options that say which store is meant. */
export interface TargetOptions {
  readonly store?: string | undefined;
  readonly env?: string | undefined;
  readonly config?: string | undefined;
}

/** The store that is meant, with all that belongs to it. */
export interface Target {
  /** With an absolute path where it is a file. */
  readonly storeUrl: string;
  readonly environment: string | null;
  readonly plan: Plan | null;
  readonly trail: TrailFiles;
}

/**
 * The URL that is given without a config file: `--store`, or else `EDGEZERO_STORE` unless `--env`
 * names an environment.
 */
export function explicitStore(
  { store, env }: TargetOptions,
  variables: NodeJS.ProcessEnv,
  cwd: string,
): string | null {
  const url = store ?? (env === undefined ? variables["EDGEZERO_STORE"] : undefined);
  return url ? absoluteStore(url, cwd) : null;
}

/**
 * Finds the store that is meant, its plan and its trail. A store that is given by its URL has the
 * plan and the trail of the environment with the same URL, where there is one.
 *
 * @throws CliError when none is named, or one that the config file does not have.
 */
export function targetOf(
  options: TargetOptions,
  variables: NodeJS.ProcessEnv,
  cwd: string,
  loaded: LoadedConfig | null,
): Target {
  const environments = Object.entries(loaded?.config.environments ?? {});
  const folder = loaded?.folder ?? cwd;
  const explicit = explicitStore(options, variables, cwd);
  const [environment = null, config] =
    explicit === null
      ? namedEnvironment(options.env, loaded, environments)
      : (environments.find(([, { store }]) => absoluteStore(store, folder) === explicit) ?? []);
  const storeUrl = explicit ?? absoluteStore(config?.store ?? "", folder);
  const trailPath =
    config?.audit === undefined
      ? defaultTrailPath(storeUrl, folder)
      : resolve(folder, config.audit);
  return {
    storeUrl,
    environment,
    plan: config?.plan ?? loaded?.config.plan ?? null,
    trail: trailFilesAt(trailPath),
  };
}

function namedEnvironment(
  given: string | undefined,
  loaded: LoadedConfig | null,
  environments: [string, EnvironmentConfig][],
): [string, EnvironmentConfig] {
  const only = environments.length === 1 ? environments[0]?.[0] : undefined;
  const name = given ?? loaded?.config.defaultEnvironment ?? only;
  if (name === undefined) {
    throw new CliError("usage", "no store is named", {
      hint: "Give --store <url>, set EDGEZERO_STORE, or name an environment in edgezero.config.json.",
    });
  }
  const found = environments.find(([known]) => known === name);
  if (found !== undefined) return found;
  const known = environments.map(([each]) => each).join(", ") || "none";
  const where = loaded?.path ?? "there is no config file, which";
  throw new CliError("usage", `${where} has no environment ${JSON.stringify(name)}`, {
    hint: `It has: ${known}.`,
  });
}

function absoluteStore(url: string, base: string): string {
  return url.startsWith("file:") ? fileUrl(fileLocation(url, base)) : url;
}
