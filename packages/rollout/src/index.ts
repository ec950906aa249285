export { canonicalClientIp } from "./client-ip.ts";
export type { ConfigStore } from "./config-store.ts";
export {
  CONFIG_STORE_NAME,
  ConfigStoreUnavailableError,
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
} from "./config-store.ts";
export { parseEdgezeroFlag, parseRolloutPct } from "./config-values.ts";
export type { Decision, RolloutPath } from "./decide.ts";
export { decide } from "./decide.ts";
export { fnv1a32, fnv1aBucket, routesToEdgezero } from "./fnv1a.ts";
export type { LogFields, Logger, LogLevel } from "./logger.ts";
export type { ReadRolloutOptions } from "./read-rollout.ts";
export { readRollout } from "./read-rollout.ts";
export type {
  Attributed,
  Attribution,
  RequestHandler,
  RolloutClient,
  RolloutHandlerOptions,
} from "./rollout-handler.ts";
export { createRolloutHandler } from "./rollout-handler.ts";
export type {
  ConfiguredReason,
  ReadFailure,
  RolloutReason,
  RolloutState,
} from "./rollout-state.ts";
export type { RequestLike, ResponseLike } from "./web.ts";
