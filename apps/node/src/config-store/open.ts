import type { Logger } from "@edgezero/rollout";
import { openFileConfigStore } from "@edgezero/stores/file/reader";
import type { OpenConfigStore } from "@edgezero/stores/open-config-store";
import { parseRedisUrl } from "@edgezero/stores/redis/location";
import { openRedisConfigStore } from "@edgezero/stores/redis/reader";

/** Options of {@link openConfigStore}. */
export interface ConfigStoreOptions {
  /** The path of a file, or the URL of a Redis server. */
  readonly config: string;
  /** How long a Redis store serves the last values while the server cannot be reached, in milliseconds. */
  readonly maxAgeMs: number;
  readonly logger: Logger;
}

/** Opens the config store. Never rejects: a store that is broken throws in `get`. */
export async function openConfigStore(options: ConfigStoreOptions): Promise<OpenConfigStore> {
  const { config, maxAgeMs, logger } = options;
  const location = parseRedisUrl(config);
  return location === null
    ? openFileConfigStore(config, logger)
    : openRedisConfigStore(location, maxAgeMs, logger);
}
