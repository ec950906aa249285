import { createLegacyOnly } from "@edgezero/gateway";
import type { Logger, RequestHandler, RolloutClient } from "@edgezero/rollout";
import { createRolloutHandler } from "@edgezero/rollout";
import type { Examined, FASTLY_SETTINGS } from "@edgezero/settings";
import { createFastlyAttribution } from "./attribution.ts";
import { openConfigStore } from "./config-store.ts";
import { createOriginHandler } from "./origin.ts";
import { createFastlyProbe } from "./probe.ts";

/**
 * Routes requests between the two paths; or serves all by legacy, where the program has settings that
 * are not valid.
 */
export function createGateway(
  { settings, findings }: Examined<typeof FASTLY_SETTINGS>,
  logger: Logger,
): RequestHandler<Request, RolloutClient, Response> {
  const legacy = createOriginHandler("legacy", settings, logger);
  const { HEALTH_PATH: healthPath, PATH_HEADER: pathHeader } = settings;
  if (findings.length > 0) {
    return createLegacyOnly({
      findings,
      legacy,
      healthPath: healthPath ?? undefined,
      pathHeader,
      logger,
    });
  }
  const { attribute, forceLink } = createFastlyAttribution(settings, logger);
  const handle = createRolloutHandler({
    configStore: openConfigStore(),
    legacy,
    edgezero: createOriginHandler("edgezero", settings, logger),
    attribution: attribute,
    probe: createFastlyProbe(logger),
    pathHeader,
    healthPath: healthPath ?? false,
    logger,
  });
  return async (request, client) => (await forceLink(request)) ?? handle(request, client);
}
