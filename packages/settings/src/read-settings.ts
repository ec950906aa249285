import { safeParse } from "zod/mini";
import { findMissingLastValues } from "./config-store.ts";
import type { Finding } from "./finding.ts";
import { SettingsError } from "./finding.ts";
import { findMissingOrigin } from "./origins.ts";
import type { Schema, Setting, ValueOf, Values } from "./setting.ts";
import { showValue } from "./shown-value.ts";

/** Finds what a platform holds by a name: an environment variable, a Worker's variable. */
export type Source = (name: string) => unknown;

/** All settings of a process, and those that are not valid. */
export interface Examined<S extends Schema> {
  /** Where a setting is not valid, its default stands here: to use it is the caller's decision. */
  readonly settings: Values<S>;
  readonly findings: readonly Finding[];
}

/** One setting: `finding` is `null` where it is valid. */
export interface ExaminedSetting<S extends Setting> {
  readonly value: ValueOf<S>;
  readonly finding: Finding | null;
}

/**
 * Reads the settings of a process. One that is empty counts as not given.
 *
 * @throws SettingsError when any is not valid; its message names each of them.
 */
export function readSettings<S extends Schema>(schema: S, source: Source): Values<S> {
  const { settings, findings } = examineSettings(schema, source);
  if (findings.length > 0) throw new SettingsError(findings);
  return settings;
}

/** Reads the settings of a process that must go on with those that are valid. Never throws. */
export function examineSettings<S extends Schema>(schema: S, source: Source): Examined<S> {
  const findings: Finding[] = [];
  const given = new Set<string>();
  const values = Object.entries(schema).map(([key, setting]) => {
    const text = textOf(source(setting.name));
    if (text !== "") given.add(setting.name);
    const { value, finding } = examineSetting(setting, text);
    if (finding !== null) findings.push(finding);
    return [key, value];
  });
  for (const missing of [findMissingOrigin(given), findMissingLastValues(given)]) {
    if (missing !== null) findings.push(missing);
  }
  return { settings: Object.fromEntries(values) as Values<S>, findings };
}

/** Reads one setting, as a platform holds it. Never throws. */
export function examineSetting<S extends Setting>(setting: S, given: unknown): ExaminedSetting<S> {
  const text = textOf(given);
  if (text === "") return { value: defaultOf(setting), finding: null };
  const { success, data } = safeParse(setting.rule, text);
  if (success) return { value: data as ValueOf<S>, finding: null };
  const { name, allowed, hint, isSecret = false } = setting;
  const more = hint?.(text) ?? null;
  const shown = isSecret ? "not shown" : showValue(text);
  const message = `${name} is ${shown}: it must be ${allowed}${more === null ? "" : `; ${more}`}`;
  return { value: defaultOf(setting), finding: { setting: name, message } };
}

function defaultOf<S extends Setting>(setting: S): ValueOf<S> {
  const value = setting.default === null ? undefined : setting.rule.parse(setting.default);
  return value as ValueOf<S>;
}

/** A variable of a Worker may also be a number, or an object, which no rule accepts. */
function textOf(given: unknown): string {
  if (given === undefined || given === null) return "";
  if (typeof given === "string") return given;
  return typeof given === "number" || typeof given === "boolean" ? String(given) : "(an object)";
}
