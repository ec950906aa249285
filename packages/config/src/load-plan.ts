import { resolve } from "node:path";
import { ConfigError } from "./config-error.ts";
import type { SourceConfig } from "./config-schema.ts";
import { evidenceSources } from "./config-schema.ts";
import { findConfig } from "./find-config.ts";
import { readConfig } from "./load-config.ts";

/** A plan as it was written, which need not be valid. */
export interface PlanData {
  /** The file that has it. */
  readonly path: string;
  /** Where it is in the file, as a JSON pointer; empty: it is the whole file. */
  readonly pointer: string;
  readonly data: unknown;
  /** The environment's store, where the plan is that of an environment. */
  readonly storeUrl: string | null;
  /** The environment's sources of evidence, where the plan is that of an environment and they are in order. */
  readonly evidence: readonly (string | SourceConfig)[];
}

/** Which plan is meant: that of a file of its own, or else that of an environment of the config file. */
export interface PlanChoice {
  readonly file?: string | undefined;
  readonly config?: string | undefined;
  readonly env?: string | undefined;
}

/**
 * Reads a plan, whatever the rest of the config file has, so that all that is wrong with it can be found.
 *
 * @throws ConfigError when there is no such file, environment or plan.
 */
export async function loadPlan({ file, config, env }: PlanChoice, cwd: string): Promise<PlanData> {
  if (file !== undefined) {
    const path = resolve(cwd, file);
    return { path, pointer: "", data: await readConfig(path), storeUrl: null, evidence: [] };
  }
  const path = config === undefined ? findConfig(cwd) : resolve(cwd, config);
  if (path === null) {
    throw new ConfigError("there is no config file, and so no plan", {
      hint: "Name a file that has a plan, or run `init`.",
    });
  }
  return planIn(path, fieldsOf(await readConfig(path)), env);
}

function planIn(path: string, content: Fields, given: string | undefined): PlanData {
  const environments = fieldsOf(content["environments"]);
  const names = Object.keys(environments);
  const name =
    given ?? content["defaultEnvironment"] ?? (names.length === 1 ? names[0] : undefined);
  const isNamed = typeof name === "string" && Object.hasOwn(environments, name);
  if (given !== undefined && !isNamed) {
    const hint = `It has: ${names.join(", ") || "none"}.`;
    throw new ConfigError(`${path} has no environment ${JSON.stringify(given)}`, { hint });
  }
  const environment = isNamed ? fieldsOf(environments[name]) : {};
  const { store } = environment;
  const storeUrl = typeof store === "string" ? store : null;
  const evidence = evidenceOf(environment["evidence"]);
  if (environment["plan"] !== undefined) {
    const pointer = `/environments/${isNamed ? name : ""}/plan`;
    return { path, pointer, data: environment["plan"], storeUrl, evidence };
  }
  if (content["plan"] === undefined) {
    throw new ConfigError(`${path} has no plan`, { hint: "Add one: `init` writes the runbook's." });
  }
  return { path, pointer: "/plan", data: content["plan"], storeUrl, evidence };
}

function evidenceOf(value: unknown): PlanData["evidence"] {
  const parsed = evidenceSources.safeParse(value);
  return parsed.success ? parsed.data : [];
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {};
}
