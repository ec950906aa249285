import { createRolloutHandler } from "@edgezero/rollout";
import { enforceExplicitBackends } from "fastly:backend";
import { setReusableSandboxOptions } from "fastly:experimental";
import { createConfigStore } from "./config-store.ts";
import { createLogger } from "./logger.ts";
import { createOriginHandler } from "./origin.ts";

enforceExplicitBackends();
// Starting a sandbox costs more than a request. Sixteen requests at two lookups each stay within
// the 32 that an execution may make, should Fastly count them by sandbox.
setReusableSandboxOptions({ maxRequests: 16, betweenRequestTimeoutMs: 5000 });

const logger = createLogger();
const handle = createRolloutHandler({
  configStore: createConfigStore(),
  legacy: createOriginHandler("legacy", logger),
  edgezero: createOriginHandler("edgezero", logger),
  logger,
});

addEventListener("fetch", (event) => {
  event.respondWith(handle(event.request, { ip: event.client.address }));
});
