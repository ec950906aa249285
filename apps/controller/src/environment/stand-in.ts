import type { LoadedConfig } from "@edgezero/config";
import { SYSTEM_CLOCK } from "../loop/clock.ts";
import type { LedPlace } from "./led-environments.ts";
import type { LedEnvironment } from "./open-environment.ts";
import { openTelling } from "./telling-receivers.ts";
import type { Refused } from "./unavailable.ts";
import { unavailableEnvironment } from "./unavailable.ts";

/**
 * Shows an environment that cannot be run, and tells its receivers, as far as they can be reached by the
 * config. Never rejects.
 */
export async function standIn(
  refused: Refused,
  loaded: LoadedConfig,
  place: LedPlace,
): Promise<LedEnvironment> {
  const { name, store, why } = refused;
  place.logger.error("an environment cannot be run", { environment: name, why });
  const shown = unavailableEnvironment(refused, () => SYSTEM_CLOCK.wall());
  const telling = await openTelling(name, store, loaded, place);
  if (telling === null) return shown;
  const { notifier } = telling;
  const unfollow = shown.rollout.views.subscribe(null, (_, view) => notifier.observe(view));
  return {
    ...shown,
    notifier,
    async close() {
      unfollow();
      await telling.close();
    },
  };
}
