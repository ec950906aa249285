import type { Logger } from "@edgezero/rollout";
import type { ConfigLocation } from "@edgezero/stores/gateway-store";
import { locateConfig } from "@edgezero/stores/gateway-stores";
import type { OpenConfigStore } from "@edgezero/stores/open-config-store";

/** Options of {@link openConfigStore}. */
export interface ConfigStoreOptions {
  /** The setting `EDGEZERO_CONFIG`, which accepts only the place of a store that can be read. */
  readonly config: string;
  /** How long the last values stand while a remote store is out of reach, in milliseconds. */
  readonly maxAgeMs: number;
  readonly logger: Logger;
}

/** A config store, and its place. */
export interface LocatedStore {
  readonly store: OpenConfigStore;
  readonly location: ConfigLocation;
}

/**
 * Opens the config store. A store that is broken throws in `get`, not here.
 *
 * @throws RangeError where `config` names no store.
 */
export async function openConfigStore(options: ConfigStoreOptions): Promise<LocatedStore> {
  const { config, maxAgeMs, logger } = options;
  const location = locateConfig(config);
  if (location === null) throw new RangeError("EDGEZERO_CONFIG names no store");
  return { location, store: await location.open({ maxAgeMs, logger }) };
}
