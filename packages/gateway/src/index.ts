export { createAttributionIfAsked } from "./attribution-if-asked.ts";
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
export type { LegacyOnlyOptions } from "./legacy-only.ts";
export { answerWithoutSetting, createLegacyOnly } from "./legacy-only.ts";
export { badGateway, gatewayTimeout } from "./origin-failure.ts";
