import {
  ATTRIBUTION,
  EVENT_SAMPLE_RATE,
  PATH_HEADER,
  SERVICE_NAME,
  SHARED_CACHES,
} from "./attribution.ts";
import { CONFIG_MAX_AGE_MS_OF_KV } from "./config-store.ts";
import { FORCE_SECRET, FORCE_WHEN_DISABLED } from "./force.ts";
import { HEALTH_PATH } from "./health.ts";
import { LOG_LEVEL } from "./log.ts";
import { EDGEZERO_ORIGIN, LEGACY_ORIGIN, ORIGIN_HOST, UPSTREAM_TIMEOUT_MS } from "./origins.ts";
import { PROBE_SECRET, PROBE_SECRET_PREVIOUS } from "./probe.ts";
import type { Setting } from "./setting.ts";
import { UNTRUSTED_HEADERS } from "./untrusted-headers.ts";

/** The settings of a Worker: its variables, and the secrets. */
export const CLOUDFLARE_SETTINGS = {
  LOG_LEVEL,
  LEGACY_ORIGIN,
  EDGEZERO_ORIGIN,
  ORIGIN_HOST: {
    ...ORIGIN_HOST,
    meaning: `${ORIGIN_HOST.meaning} A Worker can send the client's only to an origin whose name is in the client's zone; other requests then get a 500.`,
  },
  UNTRUSTED_HEADERS: {
    ...UNTRUSTED_HEADERS,
    meaning: `${UNTRUSTED_HEADERS.meaning} No client is a trusted proxy here.`,
  },
  UPSTREAM_TIMEOUT_MS,
  CONFIG_MAX_AGE_MS: CONFIG_MAX_AGE_MS_OF_KV,
  SERVICE_NAME,
  ATTRIBUTION,
  PATH_HEADER,
  SHARED_CACHES,
  EVENT_SAMPLE_RATE: {
    ...EVENT_SAMPLE_RATE,
    shipped: "0.01",
    meaning: `${EVENT_SAMPLE_RATE.meaning} Lines go to the console, and so to Workers Logs.`,
  },
  FORCE_WHEN_DISABLED,
  HEALTH_PATH,
  FORCE_SECRET: asSecret(FORCE_SECRET),
  PROBE_SECRET: asSecret(PROBE_SECRET),
  PROBE_SECRET_PREVIOUS: asSecret(PROBE_SECRET_PREVIOUS),
};

function asSecret<S extends Setting>(setting: S): S {
  const { name, meaning } = setting;
  return { ...setting, meaning: `${meaning} No variable: \`wrangler secret put ${name}\`.` };
}
