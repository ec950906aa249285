import { createLegacyOnly } from "@edgezero/gateway";
import type { Logger, RequestHandler, RolloutClient } from "@edgezero/rollout";
import { createRolloutHandler } from "@edgezero/rollout";
import { createFastlyAttribution } from "./attribution.ts";
import { openConfigStore } from "./config-store.ts";
import { createOriginHandler } from "./origin.ts";
import { createFastlyProbe } from "./probe.ts";
import { findSettings } from "./settings.ts";

/**
 * Routes requests between the two paths; or serves all by legacy, where the program has settings that
 * are not valid. Called with the first request, since settings cannot be read before.
 */
export function createGateway(logger: Logger): RequestHandler<Request, RolloutClient, Response> {
  const { settings, findings } = findSettings();
  const legacy = createOriginHandler("legacy", settings, logger);
  const pathHeader = settings.PATH_HEADER;
  if (findings.length > 0) return createLegacyOnly({ findings, legacy, pathHeader, logger });
  const { attribute, forceLink } = createFastlyAttribution(settings, logger);
  const handle = createRolloutHandler({
    configStore: openConfigStore(),
    legacy,
    edgezero: createOriginHandler("edgezero", settings, logger),
    attribution: attribute,
    probe: createFastlyProbe(logger),
    pathHeader,
    logger,
  });
  return async (request, client) => (await forceLink(request)) ?? handle(request, client);
}
