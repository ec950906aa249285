import { resolve } from "node:path";
import type { Plan } from "@edgezero/progression/plan";
import { fileLocation, fileUrl, isFileUrl } from "@edgezero/stores/file/location";
import { ConfigError } from "./config-error.ts";
import type { EnvironmentConfig } from "./config-schema.ts";
import type { LoadedConfig } from "./load-config.ts";
import { PROBE_SECRET_ENV } from "./probe-secret.ts";
import { defaultTrailPath } from "./trail-path.ts";

/** The choice of a store, as it was given. */
export interface TargetOptions {
  /** The store's URL. */
  readonly store?: string | undefined;
  /** The name of an environment of the config file. */
  readonly env?: string | undefined;
  /** The path of the config file. */
  readonly config?: string | undefined;
}

/** Environment variables, by name. */
type Variables = Readonly<Record<string, string | undefined>>;

/** The chosen store, and what the config file says of it. */
export interface Target {
  /** The store's URL; the path of a file is absolute. */
  readonly storeUrl: string;
  /** The environment's name, or `null` where the store belongs to no environment. */
  readonly environment: string | null;
  /** `null` where no plan holds. */
  readonly plan: Plan | null;
  /** The absolute path of the audit trail. */
  readonly trailPath: string;
  /** Who acts, by the environment; `null` where it does not say. */
  readonly operator: string | null;
  /** The gateways that the environment names. */
  readonly urls: readonly string[];
  /** How many instances must answer behind each URL; `null` where nobody said. */
  readonly instances: number | null;
  /** The environment variable that has the secret of probes. */
  readonly probeSecretEnv: string;
}

/**
 * The store's URL where it needs no config file: `--store`, or else `EDGEZERO_STORE` unless `--env`
 * names an environment. `null` where neither is given.
 */
export function explicitStore(
  { store, env }: TargetOptions,
  variables: Variables,
  cwd: string,
): string | null {
  const url = store ?? (env === undefined ? variables["EDGEZERO_STORE"] : undefined);
  return url ? absoluteStore(url, cwd) : null;
}

/**
 * Finds the chosen store, its plan and its trail. A store that is given by its URL has the plan and
 * the trail of the environment with the same URL, where there is such an environment.
 *
 * @throws ConfigError when no store is named, or an environment that the config file does not have.
 */
export function targetOf(
  options: TargetOptions,
  variables: Variables,
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
  const { audit, operator = null, urls = [], instances = null, probe } = config ?? {};
  return {
    storeUrl,
    environment,
    plan: config?.plan ?? loaded?.config.plan ?? null,
    trailPath: audit === undefined ? defaultTrailPath(storeUrl, folder) : resolve(folder, audit),
    operator,
    urls: urls.map((url) => new URL(url).href),
    instances,
    probeSecretEnv: probe?.secretEnv ?? PROBE_SECRET_ENV,
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
    throw new ConfigError("no store is named", {
      hint: "Give --store <url>, set EDGEZERO_STORE, or name an environment in edgezero.config.json.",
    });
  }
  const found = environments.find(([known]) => known === name);
  if (found !== undefined) return found;
  const known = environments.map(([each]) => each).join(", ") || "none";
  const where = loaded?.path ?? "there is no config file, which";
  throw new ConfigError(`${where} has no environment ${JSON.stringify(name)}`, {
    hint: `It has: ${known}.`,
  });
}

function absoluteStore(url: string, base: string): string {
  return isFileUrl(url) ? fileUrl(fileLocation(url, base)) : url;
}
