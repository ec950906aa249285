export type { EnvironmentConfig, RolloutConfig, StageConfig } from "@edgezero/config";
export { defineConfig } from "@edgezero/config";
