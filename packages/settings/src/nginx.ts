import {
  ATTRIBUTION,
  EVENT_SAMPLE_RATE,
  PATH_HEADER,
  SERVICE_NAME,
  SHARED_CACHES,
} from "./attribution.ts";
import { CONFIG_MAX_AGE_MS } from "./config-store.ts";
import { FORCE_SECRET, FORCE_WHEN_DISABLED } from "./force.ts";
import { HEALTH_PATH } from "./health.ts";
import { ORIGIN_HOST } from "./origins.ts";
import { PROBE_SECRET, PROBE_SECRET_PREVIOUS } from "./probe.ts";
import { textThat } from "./rules.ts";
import { defineSetting } from "./setting.ts";
import { UNTRUSTED_HEADERS } from "./untrusted-headers.ts";

/**
 * The settings of the gateway on nginx: members of the table that `setup` takes. Its Lua has the rules
 * once more, and a test holds both together.
 */
export const NGINX_SETTINGS = {
  EDGEZERO_CONFIG: defineSetting({
    name: "EDGEZERO_CONFIG",
    ...textThat((text) => /^\/.*[^/]$/.test(text), "the absolute path of a file"),
    default: null,
    shownDefault: "must be set",
    meaning:
      "The config file with the rollout's keys. nginx's workers must be able to read it. Each reads it every 20 ms.",
  }),
  CONFIG_MAX_AGE_MS: {
    ...CONFIG_MAX_AGE_MS,
    meaning:
      "How long the last values stand while reads of the file fail, or while a mirror that writes it is silent, in milliseconds; then all requests go to legacy. A file that is absent or broken counts at once.",
  },
  ORIGIN_HOST,
  UNTRUSTED_HEADERS: {
    ...UNTRUSTED_HEADERS,
    meaning: `${UNTRUSTED_HEADERS.meaning} A proxy is trusted where \`set_real_ip_from\` names it and it names a client.`,
  },
  SERVICE_NAME,
  ATTRIBUTION,
  PATH_HEADER,
  SHARED_CACHES,
  EVENT_SAMPLE_RATE: {
    ...EVENT_SAMPLE_RATE,
    meaning: `${EVENT_SAMPLE_RATE.meaning} Lines go where the \`access_log\` of the format \`edgezero\` does.`,
  },
  FORCE_SECRET,
  FORCE_WHEN_DISABLED,
  PROBE_SECRET,
  PROBE_SECRET_PREVIOUS,
  HEALTH_PATH,
};
