import type { Logger } from "@edgezero/rollout";
import { openFileConfigStore } from "@edgezero/stores/file/reader";
import type { OpenConfigStore } from "@edgezero/stores/open-config-store";
import { openRedisConfigStore } from "@edgezero/stores/redis/reader";
import { parseRedisUrl } from "@edgezero/stores/redis/location";
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
