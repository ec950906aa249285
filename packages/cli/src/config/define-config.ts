import type { RolloutConfig } from "./config-schema.ts";

/** Gives the content of `edgezero.config.ts` its types. */
export function defineConfig(config: RolloutConfig): RolloutConfig {
  return config;
}
