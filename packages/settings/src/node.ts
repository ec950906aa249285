import {
  ATTRIBUTION,
  EVENT_SAMPLE_RATE,
  PATH_HEADER,
  SERVICE_NAME,
  SHARED_CACHES,
} from "./attribution.ts";
import {
  CONFIG_LAST_VALUES_FILE,
  CONFIG_LAST_VALUES_MAX_AGE_MS,
  CONFIG_MAX_AGE_MS,
} from "./config-store.ts";
import {
  CLIENT_TIMEOUT_MS,
  KEEP_ALIVE_TIMEOUT_MS,
  MAX_CONNECTIONS,
  ORIGIN_CONNECTION_MAX_AGE_MS,
  ORIGIN_MAX_CONNECTIONS,
  ORIGIN_QUEUE_TIMEOUT_MS,
  REQUEST_TIMEOUT_MS,
} from "./connections.ts";
import { FORCE_SECRET, FORCE_WHEN_DISABLED } from "./force.ts";
import { HEALTH_PATH, READY_PATH } from "./health.ts";
import { HOST, PORT } from "./listening.ts";
import { LOG_LEVEL } from "./log.ts";
import { METRICS_HOST, METRICS_PORT } from "./metrics.ts";
import { originTls } from "./origin-tls.ts";
import { EDGEZERO_ORIGIN, LEGACY_ORIGIN, ORIGIN_HOST, UPSTREAM_TIMEOUT_MS } from "./origins.ts";
import { PROBE_SECRET, PROBE_SECRET_PREVIOUS } from "./probe.ts";
import { SHUTDOWN_DELAY_MS, SHUTDOWN_GRACE_MS } from "./shutdown.ts";
import type { Setting } from "./setting.ts";
import { UNTRUSTED_HEADERS } from "./untrusted-headers.ts";
import { ROLLBACK_CLOSES_UPGRADES } from "./upgrades.ts";
import { SETTINGS_FILE, WORKERS } from "./workers.ts";

const LEGACY_TLS = originTls("LEGACY_ORIGIN");
const EDGEZERO_TLS = originTls("EDGEZERO_ORIGIN");

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
    CONFIG_MAX_AGE_MS,
    CONFIG_LAST_VALUES_FILE,
    CONFIG_LAST_VALUES_MAX_AGE_MS,
    LEGACY_ORIGIN,
    EDGEZERO_ORIGIN,
    LEGACY_ORIGIN_TLS_SERVERNAME: LEGACY_TLS.servername,
    LEGACY_ORIGIN_CA: LEGACY_TLS.ca,
    LEGACY_ORIGIN_CERT: LEGACY_TLS.cert,
    LEGACY_ORIGIN_KEY: LEGACY_TLS.key,
    EDGEZERO_ORIGIN_TLS_SERVERNAME: EDGEZERO_TLS.servername,
    EDGEZERO_ORIGIN_CA: EDGEZERO_TLS.ca,
    EDGEZERO_ORIGIN_CERT: EDGEZERO_TLS.cert,
    EDGEZERO_ORIGIN_KEY: EDGEZERO_TLS.key,
    ORIGIN_HOST,
    UPSTREAM_TIMEOUT_MS: {
      ...UPSTREAM_TIMEOUT_MS,
      meaning:
        "How long an origin may take to connect, to answer, and between chunks, in milliseconds; before it has answered, the client then gets a 504.",
    },
    ORIGIN_MAX_CONNECTIONS,
    ORIGIN_QUEUE_TIMEOUT_MS,
    ORIGIN_CONNECTION_MAX_AGE_MS,
    MAX_CONNECTIONS,
    CLIENT_TIMEOUT_MS,
    REQUEST_TIMEOUT_MS,
    KEEP_ALIVE_TIMEOUT_MS,
    TRUST_PROXY: own.TRUST_PROXY,
    UNTRUSTED_HEADERS,
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
    HEALTH_PATH,
    READY_PATH,
    SHUTDOWN_DELAY_MS,
    SHUTDOWN_GRACE_MS,
    WORKERS,
    SETTINGS_FILE,
  };
}
