import { createBuiltInHandler } from "@edgezero/gateway";
import type { RolloutPath } from "@edgezero/rollout";
import type { PathHandler } from "./handler.ts";
import type { OriginProxyOptions } from "./proxy.ts";
import { createOriginProxy } from "./proxy.ts";

/** The two origins. */
export type Origins = Readonly<Record<RolloutPath, URL>>;

/** The handlers of the two paths. */
export interface Paths extends Readonly<Record<RolloutPath, PathHandler>> {
  close(): Promise<void>;
}

/** Serves both paths from their origins, or from the built-in handlers where there are no origins. */
export function createPaths(origins: Origins | null, options: OriginProxyOptions): Paths {
  if (origins === null) {
    return {
      legacy: createBuiltInHandler("legacy"),
      edgezero: createBuiltInHandler("edgezero"),
      close: async () => {},
    };
  }
  const legacy = createOriginProxy("legacy", origins.legacy, options);
  const edgezero = createOriginProxy("edgezero", origins.edgezero, options);
  return {
    legacy: legacy.handle,
    edgezero: edgezero.handle,
    async close() {
      await Promise.all([legacy.close(), edgezero.close()]);
    },
  };
}
