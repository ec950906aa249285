import type { Logger, RequestHandler, RolloutClient } from "@edgezero/rollout";
import { createRolloutHandler } from "@edgezero/rollout";
import type { BytesReader } from "@edgezero/stores/cloudflare/reader";
import { createConfigStore } from "@edgezero/stores/cloudflare/reader";
import type { DataPointWriter } from "./analytics.ts";
import { createCloudflareAttribution } from "./attribution.ts";
import { createCloudflareForce } from "./force.ts";
import { createPathHandlers } from "./origin.ts";
import { createCloudflareProbe } from "./probe.ts";
import type { WorkerSettings } from "./settings.ts";

/** What a Worker has, with settings that are valid. */
export interface GatewayOptions {
  readonly settings: WorkerSettings["settings"];
  /** The KV binding; `undefined` where there is none. */
  readonly namespace: BytesReader | undefined;
  /** The Analytics Engine binding; `undefined` where there is none. */
  readonly analytics: DataPointWriter | undefined;
  readonly logger: Logger;
}

/** Routes requests between the two paths. */
export function createGateway({
  settings,
  namespace,
  analytics,
  logger,
}: GatewayOptions): RequestHandler<Request, RolloutClient, Response> {
  const force = createCloudflareForce(settings, logger);
  const override = force?.override;
  const handle = createRolloutHandler({
    ...createPathHandlers(settings, logger),
    configStore: createConfigStore(namespace, settings.CONFIG_MAX_AGE_MS),
    attribution: createCloudflareAttribution({ settings, analytics, override, logger }),
    probe: createCloudflareProbe(settings, logger),
    pathHeader: settings.PATH_HEADER,
    healthPath: settings.HEALTH_PATH ?? false,
    logger,
  });
  // Without a path to force there is nothing to await, which costs a promise a request.
  if (force === undefined) return handle;
  return async (request, client) => (await force.link(request)) ?? handle(request, client);
}
