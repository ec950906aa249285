import { createBuiltInHandler } from "@edgezero/gateway";
import type { RolloutPath } from "@edgezero/rollout";
import type { OriginsCounts } from "./counts.ts";
import type { OriginsFaults } from "./faults.ts";
import type { PathHandler } from "./handler.ts";
import type { OriginProxyOptions } from "./proxy.ts";
import { createOriginProxy } from "./proxy.ts";
import type { OriginsTls } from "./tls.ts";

/** The two origins. */
export type Origins = Readonly<Record<RolloutPath, URL>>;

/** The handlers of the two paths. */
export interface Paths extends Readonly<Record<RolloutPath, PathHandler>> {
  close(): Promise<void>;
}

/** Serves both paths from their origins, or from the built-in handlers where there are no origins. */
export function createPaths(
  origins: Origins | null,
  counts: OriginsCounts,
  tls: OriginsTls,
  faults: OriginsFaults,
  options: Omit<OriginProxyOptions, "tls" | "faults">,
): Paths {
  if (origins === null) {
    return {
      legacy: createBuiltInHandler("legacy"),
      edgezero: createBuiltInHandler("edgezero"),
      close: async () => {},
    };
  }
  const legacy = createOriginProxy(origins.legacy, counts.legacy, {
    ...options,
    tls: tls.legacy,
    faults: faults.legacy,
  });
  const edgezero = createOriginProxy(origins.edgezero, counts.edgezero, {
    ...options,
    tls: tls.edgezero,
    faults: faults.edgezero,
  });
  return {
    legacy: legacy.handle,
    edgezero: edgezero.handle,
    async close() {
      await Promise.all([legacy.close(), edgezero.close()]);
    },
  };
}
