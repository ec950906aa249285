import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import proxyAddr from "proxy-addr";
import { z } from "zod";
import { DEFAULT_CONFIG } from "../default-config.ts";
import { attributionSettings, SECRET_SETTINGS } from "./attribution-settings.ts";
import { isRedisUrl, parseRedisUrl, withoutCredentials } from "@edgezero/stores/redis/location";
import { wholeNumber } from "./whole-number.ts";

const LONGEST_TIMER_MS = 2 ** 31 - 1;
const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

const origin = z
  .string()
  .transform((text) => (URL.canParse(text) ? new URL(text) : undefined))
  .refine(
    (url) => url !== undefined && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`,
    "an http or https URL without a path, such as https://origin.example.com",
  )
  .optional();

/** The path of the config file, or the URL of a Redis server as it was given. */
const config = z
  .string()
  .refine(
    (text) => !isUrl(text) || isFileUrl(text) || parseRedisUrl(text) !== null,
    "a path, a file: URL, or redis://host:port (rediss:// for TLS) with no parameter but key",
  )
  .transform((text) => {
    if (isRedisUrl(text)) return text;
    return text.startsWith("file:") ? fileURLToPath(text) : resolve(text);
  })
  .default(DEFAULT_CONFIG);

const trustedProxies = z
  .string()
  .transform((text) => text.split(",").map((entry) => entry.trim()))
  .refine(
    isTrustList,
    "a comma-separated list of IP addresses, CIDR ranges, loopback, linklocal or uniquelocal",
  )
  .default([]);

const schema = z.object({
  PORT: wholeNumber(0, 65_535, 8787),
  HOST: z.string().default("127.0.0.1"),
  EDGEZERO_CONFIG: config,
  CONFIG_MAX_AGE_MS: wholeNumber(1000, LONGEST_TIMER_MS, 30_000),
  LEGACY_ORIGIN: origin,
  EDGEZERO_ORIGIN: origin,
  UPSTREAM_TIMEOUT_MS: wholeNumber(1, LONGEST_TIMER_MS, 30_000),
  TRUST_PROXY: trustedProxies,
  LOG_LEVEL: z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(", ")}`).default("info"),
  ...attributionSettings,
});

/** The gateway's settings, checked. */
export type Settings = z.infer<typeof schema>;

/** One or more settings are not valid. The message names each, its value and what is allowed. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
}

/**
 * Reads the settings from environment variables. A variable that is empty counts as not set.
 *
 * @throws SettingsError when any is not valid.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value));
  const { error, data } = schema.safeParse(given);
  const faults = (error?.issues ?? []).map((issue) => describe(issue, given));
  if ("LEGACY_ORIGIN" in given !== "EDGEZERO_ORIGIN" in given) {
    const missing = "LEGACY_ORIGIN" in given ? "EDGEZERO_ORIGIN" : "LEGACY_ORIGIN";
    faults.push(
      `${missing} is not set: LEGACY_ORIGIN and EDGEZERO_ORIGIN must be set both, or neither`,
    );
  }
  if (data === undefined || faults.length > 0) throw new SettingsError(faults.join("\n"));
  return data;
}

function describe(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const setting = String(issue.path[0]);
  const value = SECRET_SETTINGS.has(setting)
    ? "not shown"
    : JSON.stringify(withoutCredentials(given[setting] ?? ""));
  return `${setting} is ${value}: it must be ${issue.message}`;
}

function isUrl(text: string): boolean {
  return text.startsWith("file:") || isRedisUrl(text) || /^[a-z][a-z0-9+.-]+:\/\//i.test(text);
}

function isFileUrl(text: string): boolean {
  try {
    return fileURLToPath(text) !== "";
  } catch {
    return false;
  }
}

function isTrustList(entries: string[]): boolean {
  try {
    proxyAddr.compile(entries);
    return true;
  } catch {
    return false;
  }
}
