export type {
  EnvironmentConfig,
  FullPlanConfig,
  PlanConfig,
  RolloutConfig,
  StageConfig,
} from "@edgezero/config";
export { defineConfig } from "@edgezero/config";
