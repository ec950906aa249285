export { ConfigChangedError, ConfigError } from "./config-error.ts";
export type {
  ControllerConfig,
  EnvironmentConfig,
  ProbeConfig,
  RolloutConfig,
  SourceConfig,
} from "./config-schema.ts";
export type { ChosenController, ControllerChoice } from "./controller.ts";
export { chosenController, CONTROLLER_TOKEN_ENV, controllerOf } from "./controller.ts";
export { defineConfig } from "./define-config.ts";
export { findConfig } from "./find-config.ts";
export type { ChosenGateways, GatewayChoice } from "./gateways.ts";
export { chosenGateways } from "./gateways.ts";
export type { JournalConfig } from "./journal-config.ts";
export type { ConfigChoice, LoadedConfig } from "./load-config.ts";
export { loadConfig, loadDataConfig } from "./load-config.ts";
export { nextSteps } from "./next-steps.ts";
export type { NotifyConfig } from "./notify-config.ts";
export { isUsable } from "./notify-config.ts";
export { operatorName } from "./operator-name.ts";
export type { PlanData } from "./load-plan.ts";
export { loadPlan } from "./load-plan.ts";
export type {
  CounterConfig,
  FullPlanConfig,
  PlanConfig,
  SignalConfig,
  StageConfig,
} from "./plan-input.ts";
export { stagesOf } from "./plan-input.ts";
export type { ProbeSecret } from "./probe-secret.ts";
export { PROBE_SECRET_ENV, probeSecretOf } from "./probe-secret.ts";
export type { Target, TargetOptions, Variables } from "./target.ts";
export { explicitStore, JOURNAL_ENV, targetOf } from "./target.ts";
