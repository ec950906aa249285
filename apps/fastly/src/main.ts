import { refuseFirst } from "@edgezero/gateway";
import type { RequestHandler, RolloutClient } from "@edgezero/rollout";
import { enforceExplicitBackends } from "fastly:backend";
import { setReusableSandboxOptions } from "fastly:experimental";
import { createGateway } from "./gateway.ts";
import { createLogger } from "./logger.ts";
import { findSettings } from "./settings.ts";
import { warmGateway } from "./warm-gateway.ts";

enforceExplicitBackends();
// Starting a sandbox costs more than a request. Sixteen requests at two lookups each stay within
// the 32 that an execution may make, should Fastly count them by sandbox.
setReusableSandboxOptions({ maxRequests: 16, betweenRequestTimeoutMs: 5000 });

const logger = createLogger();
warmGateway(logger);

let handle: RequestHandler<Request, RolloutClient, Response> | undefined;

addEventListener("fetch", (event) => {
  // With the first request, since settings cannot be read before.
  handle ??= refuseFirst(createGateway(findSettings(), logger), "none");
  event.respondWith(Promise.resolve(handle(event.request, { ip: event.client.address })));
});
