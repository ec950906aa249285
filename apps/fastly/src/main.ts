import { createRolloutHandler } from "@edgezero/rollout";
import { enforceExplicitBackends } from "fastly:backend";
import { setReusableSandboxOptions } from "fastly:experimental";
import { createFastlyAttribution } from "./attribution.ts";
import { openConfigStore } from "./config-store.ts";
import { createLogger } from "./logger.ts";
import { createOriginHandler } from "./origin.ts";

enforceExplicitBackends();
// Starting a sandbox costs more than a request. Sixteen requests at two lookups each stay within
// the 32 that an execution may make, should Fastly count them by sandbox.
setReusableSandboxOptions({ maxRequests: 16, betweenRequestTimeoutMs: 5000 });

const logger = createLogger();
const { attribute, forceLink } = createFastlyAttribution(logger);
const handle = createRolloutHandler({
  configStore: openConfigStore(),
  legacy: createOriginHandler("legacy", logger),
  edgezero: createOriginHandler("edgezero", logger),
  attribution: attribute,
  logger,
});

addEventListener("fetch", (event) => {
  event.respondWith(answer(event.request, event.client.address));
});

async function answer(request: Request, ip: string): Promise<Response> {
  return (await forceLink(request)) ?? handle(request, { ip });
}
