/** The name of the config store that holds the rollout keys, where a platform names its stores. */
export const CONFIG_STORE_NAME = "trusted_server_config";

/** The key of the master switch, read by `parseEdgezeroFlag`. */
export const EDGEZERO_ENABLED_KEY = "edgezero_enabled";

/** The key of the rollout percentage, read by `parseRolloutPct`. */
export const EDGEZERO_ROLLOUT_PCT_KEY = "edgezero_rollout_pct";

/**
 * Where the two rollout keys live.
 *
 * `null` means that the key is absent; a throw or rejection means that the store is broken. An
 * answer of any other type than string or `null` counts as broken. Throw
 * {@link ConfigStoreUnavailableError} when the store itself cannot be opened.
 */
export interface ConfigStore {
  get(key: string): string | null | Promise<string | null>;
}

/**
 * Thrown by {@link ConfigStore.get} when the store cannot be opened at all: it does not exist, or
 * is not linked to this service. Where the switch cannot be read for it, the reason is
 * `store-unavailable`. It is recognised by its `name`.
 */
export class ConfigStoreUnavailableError extends Error {
  override readonly name: string = "ConfigStoreUnavailableError";
}
