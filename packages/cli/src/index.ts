export type { EnvironmentConfig, RolloutConfig, StageConfig } from "./config/config-schema.ts";
export { defineConfig } from "./config/define-config.ts";
