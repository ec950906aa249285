import {
  ATTRIBUTION,
  EVENT_SAMPLE_RATE,
  PATH_HEADER,
  SERVICE_NAME,
  SHARED_CACHES,
} from "./attribution.ts";
import { CONFIG_MAX_AGE_MS_OF_REDIS } from "./config-store.ts";
import { FORCE_SECRET, FORCE_WHEN_DISABLED } from "./force.ts";
import { HOST, PORT } from "./listening.ts";
import { LOG_LEVEL } from "./log.ts";
import { METRICS_HOST, METRICS_PORT } from "./metrics.ts";
import { EDGEZERO_ORIGIN, LEGACY_ORIGIN, UPSTREAM_TIMEOUT_MS } from "./origins.ts";
import { PROBE_SECRET, PROBE_SECRET_PREVIOUS } from "./probe.ts";
import type { Setting } from "./setting.ts";
import { ROLLBACK_CLOSES_UPGRADES } from "./upgrades.ts";

/** The settings whose rules need packages that only the Node gateway has. */
export interface OwnSettings<Config, Proxies> {
  readonly EDGEZERO_CONFIG: Setting<Config, string>;
  readonly TRUST_PROXY: Setting<Proxies, null>;
}

/**
 * The settings of a Node gateway, in the order in which readers meet them.
 *
 * @param own The settings that the gateway itself defines.
 */
export function nodeSettings<Config, Proxies>(own: OwnSettings<Config, Proxies>) {
  return {
    PORT,
    HOST,
    EDGEZERO_CONFIG: own.EDGEZERO_CONFIG,
    CONFIG_MAX_AGE_MS: CONFIG_MAX_AGE_MS_OF_REDIS,
    LEGACY_ORIGIN,
    EDGEZERO_ORIGIN,
    UPSTREAM_TIMEOUT_MS: {
      ...UPSTREAM_TIMEOUT_MS,
      meaning:
        "How long an origin may take to connect, to answer, and between chunks, in milliseconds; before it has answered, the client then gets a 504.",
    },
    TRUST_PROXY: own.TRUST_PROXY,
    LOG_LEVEL,
    SERVICE_NAME,
    ATTRIBUTION,
    PATH_HEADER,
    SHARED_CACHES,
    METRICS_PORT,
    METRICS_HOST,
    EVENT_SAMPLE_RATE: {
      ...EVENT_SAMPLE_RATE,
      meaning: `${EVENT_SAMPLE_RATE.meaning} Lines go to standard output.`,
    },
    FORCE_SECRET,
    FORCE_WHEN_DISABLED,
    PROBE_SECRET,
    PROBE_SECRET_PREVIOUS,
    ROLLBACK_CLOSES_UPGRADES,
  };
}
