export { createBuiltInHandler } from "./built-in-handler.ts";
export type { FetchProxyOptions } from "./fetch-proxy.ts";
export { createFetchProxy } from "./fetch-proxy.ts";
export { endToEndHeaders, forwardedHeaders } from "./forwarded-headers.ts";
export { HOP_BY_HOP_HEADERS } from "./hop-by-hop.ts";
export type { JsonLoggerOptions } from "./json-logger.ts";
export { createJsonLogger } from "./json-logger.ts";
export type { LogThreshold } from "./log-threshold.ts";
export { LOG_THRESHOLDS, parseLogThreshold } from "./log-threshold.ts";
