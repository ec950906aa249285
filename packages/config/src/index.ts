export { ConfigError } from "./config-error.ts";
export type {
  EnvironmentConfig,
  ProbeConfig,
  RolloutConfig,
  StageConfig,
} from "./config-schema.ts";
export { defineConfig } from "./define-config.ts";
export { findConfig } from "./find-config.ts";
export type { ConfigChoice, LoadedConfig } from "./load-config.ts";
export { loadConfig, loadDataConfig } from "./load-config.ts";
export { isCounted } from "./is-counted.ts";
export type { ProbeSecret } from "./probe-secret.ts";
export { PROBE_SECRET_ENV, probeSecretOf } from "./probe-secret.ts";
export type { Target, TargetOptions } from "./target.ts";
export { explicitStore, targetOf } from "./target.ts";
