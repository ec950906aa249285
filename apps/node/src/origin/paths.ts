import { createBuiltInHandler } from "@edgezero/gateway";
import type { Logger, RolloutPath } from "@edgezero/rollout";
import type { ClientAddress } from "../client/client-address.ts";
import type { NodeHandler } from "../routing/gateway.ts";
import { createOriginProxy } from "./proxy.ts";
import type { Settings } from "../settings/settings.ts";

/** What stands behind the two paths. */
export interface Paths extends Readonly<Record<RolloutPath, NodeHandler>> {
  /** The origins, or `null` where the built-in handlers answer. */
  readonly origins: Readonly<Record<RolloutPath, URL>> | null;
  close(): Promise<void>;
}

/** The two origins where they are set, or else the two built-in handlers. */
export function createPaths(
  settings: Settings,
  { isTrusted }: ClientAddress,
  logger: Logger,
): Paths {
  const { LEGACY_ORIGIN, EDGEZERO_ORIGIN, UPSTREAM_TIMEOUT_MS } = settings;
  if (LEGACY_ORIGIN === undefined || EDGEZERO_ORIGIN === undefined) {
    return {
      legacy: createBuiltInHandler("legacy"),
      edgezero: createBuiltInHandler("edgezero"),
      origins: null,
      close: async () => {},
    };
  }
  const options = { timeoutMs: UPSTREAM_TIMEOUT_MS, isTrusted, logger };
  const legacy = createOriginProxy("legacy", LEGACY_ORIGIN, options);
  const edgezero = createOriginProxy("edgezero", EDGEZERO_ORIGIN, options);
  return {
    legacy: legacy.handle,
    edgezero: edgezero.handle,
    origins: { legacy: LEGACY_ORIGIN, edgezero: EDGEZERO_ORIGIN },
    async close() {
      await Promise.all([legacy.close(), edgezero.close()]);
    },
  };
}
