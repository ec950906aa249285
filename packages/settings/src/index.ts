export type { PathHeader } from "./attribution.ts";
export { CLOUDFLARE_SETTINGS } from "./cloudflare.ts";
export { CONTROLLER_SETTINGS } from "./controller.ts";
export { FASTLY_SECRETS, FASTLY_SETTINGS } from "./fastly.ts";
export type { Finding } from "./finding.ts";
export { SettingsError } from "./finding.ts";
export type { LogThreshold } from "./log.ts";
export { LOG_LEVELS } from "./log.ts";
export type { OwnSettings } from "./node.ts";
export { NGINX_SETTINGS } from "./nginx.ts";
export { nodeSettings } from "./node.ts";
export type { Examined, ExaminedSetting, Source } from "./read-settings.ts";
export { examineSetting, examineSettings, readSettings } from "./read-settings.ts";
export { textThat, valueFrom, valueThat } from "./rules.ts";
export type { UntrustedHeaders } from "./untrusted-headers.ts";
export { UNTRUSTED_HEADERS } from "./untrusted-headers.ts";
export type { Rule, Schema, Setting, ValueOf, Values } from "./setting.ts";
export { defineSetting } from "./setting.ts";
// Single settings, for a gateway that composes a list of its own.
export {
  ATTRIBUTION,
  EVENT_SAMPLE_RATE,
  PATH_HEADER,
  SERVICE_NAME,
  SHARED_CACHES,
} from "./attribution.ts";
export { CONFIG_MAX_AGE_MS, CONFIG_MAX_AGE_MS_OF_KV } from "./config-store.ts";
export { FORCE_SECRET, FORCE_WHEN_DISABLED } from "./force.ts";
export { HOST, PORT } from "./listening.ts";
export { LOG_LEVEL } from "./log.ts";
export { METRICS_HOST, METRICS_PORT } from "./metrics.ts";
export type { OriginHost } from "./origins.ts";
export { EDGEZERO_ORIGIN, LEGACY_ORIGIN, ORIGIN_HOST, UPSTREAM_TIMEOUT_MS } from "./origins.ts";
export { PROBE_SECRET, PROBE_SECRET_PREVIOUS } from "./probe.ts";
