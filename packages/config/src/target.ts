import type { Plan, RolloutPlan } from "@edgezero/progression/plan";
import { parsePlan } from "@edgezero/progression/plan";
import { fileLocation, fileUrl, isFileUrl } from "@edgezero/stores/file/location";
import type { JournalLocation } from "@edgezero/stores/journal/location";
import { fileJournalAt, journalIn } from "@edgezero/stores/journal/location";
import { passwordsOf } from "@edgezero/stores/redact";
import { ConfigError } from "./config-error.ts";
import type { ControllerConfig, EnvironmentConfig, SourceConfig } from "./config-schema.ts";
import { journalLocation } from "./journal-config.ts";
import type { LoadedConfig } from "./load-config.ts";
import { stagesOf } from "./plan-input.ts";
import type { NotifyConfig } from "./notify-config.ts";
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

/** The environment variable that names the journal of a store that belongs to no environment. */
export const JOURNAL_ENV = "EDGEZERO_JOURNAL";

/** Environment variables, by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** The chosen store, and what the config file says of it. */
export interface Target {
  /** The store's URL; the path of a file is absolute. */
  readonly storeUrl: string;
  /** The environment's name, or `null` where the store belongs to no environment. */
  readonly environment: string | null;
  /** The stages of the plan; `null` where no plan holds. */
  readonly plan: Plan | null;
  /** The whole plan with its defaults; `null` where no plan holds. */
  readonly rolloutPlan: RolloutPlan | null;
  /** Where the audit trail is. */
  readonly journal: JournalLocation;
  /** The passwords in the URLs of store and journal, which no output may hold. */
  readonly secrets: readonly string[];
  /** Who acts, by the environment; `null` where it does not say. */
  readonly operator: string | null;
  /** The gateways that the environment names. */
  readonly urls: readonly string[];
  /** How many instances must answer behind each URL; `null` where nobody said. */
  readonly instances: number | null;
  /** The environment variable that has the secret of probes. */
  readonly probeSecretEnv: string;
  /** Where a controller reads evidence; empty where the environment names no source. */
  readonly evidence: readonly (string | SourceConfig)[];
  /** Where commands find the controller; `null` where the environment does not say. */
  readonly controller: ControllerConfig | null;
  /** Whom the controller tells of incidents; empty where the environment names nobody. */
  readonly notify: readonly NotifyConfig[];
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
  const { operator = null, urls = [], instances = null, probe } = config ?? {};
  const plan = config?.plan ?? loaded?.config.plan;
  const journal = journalOf(config, storeUrl, folder, variables);
  const journalUrl = journal.kind === "redis" ? journal.url : undefined;
  return {
    storeUrl,
    environment,
    plan: plan === undefined ? null : stagesOf(plan),
    rolloutPlan: plan === undefined ? null : parsePlan(plan).plan,
    journal,
    secrets: [...passwordsOf(storeUrl), ...passwordsOf(journalUrl)],
    operator,
    urls: urls.map((url) => new URL(url).href),
    instances,
    probeSecretEnv: probe?.secretEnv ?? PROBE_SECRET_ENV,
    evidence: config?.evidence ?? [],
    controller: config?.controller ?? null,
    notify: config?.notify ?? [],
  };
}

/** The trail that the environment names, or else the one by `EDGEZERO_JOURNAL`, or at the store's own place. */
function journalOf(
  config: EnvironmentConfig | undefined,
  storeUrl: string,
  folder: string,
  variables: Variables,
): JournalLocation {
  const { audit, journal } = config ?? {};
  if (audit !== undefined) return fileJournalAt(audit, folder);
  if (journal !== undefined) return journalLocation(journal, variables);
  const given = config === undefined ? variables[JOURNAL_ENV] : undefined;
  if (given) return journalIn(JOURNAL_ENV, given);
  return fileJournalAt(defaultTrailPath(storeUrl, folder), folder);
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
