import type { RolloutConfig } from "./config-schema.ts";

/** Returns the config as it is: gives `edgezero.config.ts` its types. */
export function defineConfig(config: RolloutConfig): RolloutConfig {
  return config;
}
