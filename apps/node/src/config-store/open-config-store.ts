import type { Logger } from "@edgezero/rollout";
import { openFileConfigStore } from "../file-config-store.ts";
import type { OpenConfigStore } from "../open-config-store.ts";
import { openRedisConfigStore } from "../redis-config-store.ts";
import { parseRedisUrl } from "../redis-location.ts";
import type { Settings } from "../settings/settings.ts";

/** Opens the store that `EDGEZERO_CONFIG` names. Never rejects: one that is broken says so in `get`. */
export async function openConfigStore(
  { EDGEZERO_CONFIG, CONFIG_MAX_AGE_MS }: Settings,
  logger: Logger,
): Promise<OpenConfigStore> {
  const location = parseRedisUrl(EDGEZERO_CONFIG);
  return location === null
    ? openFileConfigStore(EDGEZERO_CONFIG, logger)
    : openRedisConfigStore(location, CONFIG_MAX_AGE_MS, logger);
}
