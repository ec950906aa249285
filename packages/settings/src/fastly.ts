import {
  ATTRIBUTION,
  EVENT_SAMPLE_RATE,
  PATH_HEADER,
  SERVICE_NAME,
  SHARED_CACHES,
} from "./attribution.ts";
import { FORCE_SECRET, FORCE_WHEN_DISABLED } from "./force.ts";
import { HEALTH_PATH } from "./health.ts";
import type { LogThreshold } from "./log.ts";
import { LOG_LEVEL } from "./log.ts";
import { ORIGIN_HOST, UPSTREAM_TIMEOUT_MS } from "./origins.ts";
import { PROBE_SECRET, PROBE_SECRET_PREVIOUS } from "./probe.ts";
import type { Schema, Setting } from "./setting.ts";
import { UNTRUSTED_HEADERS } from "./untrusted-headers.ts";

/** In the simulator the default is another than in production, so neither is here. */
const logLevel: Setting<LogThreshold, null> = {
  ...LOG_LEVEL,
  default: null,
  shownDefault: "`info`; in the simulator `debug`",
};

/** The settings of a build for Fastly, which are environment variables of that build. */
export const FASTLY_SETTINGS = withPrefix({
  LOG_LEVEL: logLevel,
  ORIGIN_HOST: {
    ...ORIGIN_HOST,
    meaning: `${ORIGIN_HOST.meaning} A backend's override host is what it gets with either.`,
  },
  UNTRUSTED_HEADERS: {
    ...UNTRUSTED_HEADERS,
    meaning: `${UNTRUSTED_HEADERS.meaning} No client is a trusted proxy here.`,
  },
  UPSTREAM_TIMEOUT_MS: { ...UPSTREAM_TIMEOUT_MS, name: "ORIGIN_TIMEOUT_MS" },
  SERVICE_NAME,
  ATTRIBUTION,
  PATH_HEADER,
  SHARED_CACHES,
  EVENT_SAMPLE_RATE: {
    ...EVENT_SAMPLE_RATE,
    shipped: "1",
    meaning: `${EVENT_SAMPLE_RATE.meaning} Lines go to the log endpoint \`edgezero-events\`.`,
  },
  FORCE_WHEN_DISABLED,
  HEALTH_PATH,
});

/** The secrets: keys of the secret store `edgezero_secrets`. */
export const FASTLY_SECRETS = {
  FORCE_SECRET: { ...FORCE_SECRET, name: "force_secret" },
  PROBE_SECRET: { ...PROBE_SECRET, name: "probe_secret" },
  PROBE_SECRET_PREVIOUS: {
    ...PROBE_SECRET_PREVIOUS,
    name: "probe_secret_previous",
    meaning: PROBE_SECRET_PREVIOUS.meaning.replace("PROBE_SECRET", "probe_secret"),
  },
};

function withPrefix<S extends Schema>(schema: S): S {
  const entries = Object.entries(schema).map(([key, setting]) => [
    key,
    { ...setting, name: `EDGEZERO_${setting.name}` },
  ]);
  return Object.fromEntries(entries) as S;
}
