export { ConfigError } from "./config-error.ts";
export type { EnvironmentConfig, RolloutConfig, StageConfig } from "./config-schema.ts";
export { defineConfig } from "./define-config.ts";
export type { LoadedConfig } from "./load-config.ts";
export { findConfig, loadConfig } from "./load-config.ts";
export type { Target, TargetOptions } from "./target.ts";
export { explicitStore, targetOf } from "./target.ts";
