import { ATTRIBUTION, EVENT_SAMPLE_RATE, SERVICE_NAME, SHARED_CACHES } from "./attribution.ts";
import { CONFIG_MAX_AGE_MS_OF_KV } from "./config-store.ts";
import { FORCE_SECRET, FORCE_WHEN_DISABLED } from "./force.ts";
import { LOG_LEVEL } from "./log.ts";
import { EDGEZERO_ORIGIN, LEGACY_ORIGIN, UPSTREAM_TIMEOUT_MS } from "./origins.ts";

/** The settings of a Worker: its variables, and the secret. */
export const CLOUDFLARE_SETTINGS = {
  LOG_LEVEL,
  LEGACY_ORIGIN,
  EDGEZERO_ORIGIN,
  UPSTREAM_TIMEOUT_MS,
  CONFIG_MAX_AGE_MS: CONFIG_MAX_AGE_MS_OF_KV,
  SERVICE_NAME,
  ATTRIBUTION,
  SHARED_CACHES,
  EVENT_SAMPLE_RATE: {
    ...EVENT_SAMPLE_RATE,
    shipped: "0.01",
    meaning: `${EVENT_SAMPLE_RATE.meaning} Lines go to the console, and so to Workers Logs.`,
  },
  FORCE_WHEN_DISABLED,
  FORCE_SECRET: {
    ...FORCE_SECRET,
    meaning: `${FORCE_SECRET.meaning} No variable: \`wrangler secret put FORCE_SECRET\`.`,
  },
};
