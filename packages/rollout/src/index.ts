export type { ConfigStore } from "./config-store.ts";
export {
  CONFIG_STORE_NAME,
  ConfigStoreUnavailableError,
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
} from "./config-store.ts";
export type {
  ConfiguredReason,
  ReadFault,
  ReasonFacts,
  RolloutReason,
  StaleReason,
} from "./reasons.ts";
export { REASONS } from "./reasons.ts";
export { canonicalClientIp } from "./client-ip.ts";
export { clientBucket } from "./client-bucket.ts";
export { parseEdgezeroFlag, parseRolloutPct } from "./config-values.ts";
export type { Decision } from "./decide.ts";
export { decide } from "./decide.ts";
export { fnv1a32, fnv1aBucket, routesToEdgezero } from "./fnv1a.ts";
export type { LogFields, Logger, LogLevel } from "./logger.ts";
export type { MaybePromise } from "./maybe-promise.ts";
export { PATH_HEADER } from "./path-header.ts";
export type { ReadRolloutOptions } from "./read-rollout.ts";
export { readRollout } from "./read-rollout.ts";
export type { Rollout, RolloutOptions } from "./rollout.ts";
export { createRollout } from "./rollout.ts";
export type {
  Attributed,
  Attribution,
  Probe,
  RequestHandler,
  RolloutClient,
  RolloutHandlerOptions,
} from "./rollout-handler.ts";
export { createRolloutHandler } from "./rollout-handler.ts";
export type { RolloutPath } from "./rollout-path.ts";
export type { RolloutState } from "./rollout-state.ts";
export type { RequestLike, ResponseLike } from "./web.ts";
