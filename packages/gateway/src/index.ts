export { createAttributionIfAsked } from "./attribution-if-asked.ts";
export type { AttributionSetting, AttributionSettings } from "./attribution-settings.ts";
export {
  ATTRIBUTION_SETTINGS,
  ATTRIBUTIONS,
  parseSampleRate,
  parseService,
  readAttributionSettings,
  SHARED_CACHES,
} from "./attribution-settings.ts";
export { createBuiltInHandler } from "./built-in-handler.ts";
export { warnOfDropped } from "./dropped-events.ts";
export type { FetchProxyOptions } from "./fetch-proxy.ts";
export { createFetchProxy } from "./fetch-proxy.ts";
export { formatEvent } from "./format-event.ts";
export { endToEndHeaders, forwardedHeaders } from "./forwarded-headers.ts";
export {
  deleteGatewayHeaders,
  GATEWAY_HEADERS,
  withoutForceCookie,
  withoutGatewayHeaders,
} from "./gateway-headers.ts";
export { HOP_BY_HOP_HEADERS } from "./hop-by-hop.ts";
export type { JsonLoggerOptions } from "./json-logger.ts";
export { createJsonLogger } from "./json-logger.ts";
export type { LogThreshold } from "./log-threshold.ts";
export { parseLogThreshold } from "./log-threshold.ts";
export { badGateway, gatewayTimeout } from "./origin-failure.ts";
export { parseTimeoutMs } from "./timeout.ts";
