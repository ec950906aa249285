import { openConfigStore } from "@edgezero/fastly/config-store";
import { warmCore } from "@edgezero/fastly/warm-core";
import { createBuiltInHandler, createJsonLogger } from "@edgezero/gateway";
import { createRolloutHandler } from "@edgezero/rollout";
import { setReusableSandboxOptions } from "fastly:experimental";

setReusableSandboxOptions({ maxRequests: 16, betweenRequestTimeoutMs: 5000 });

const legacy = createBuiltInHandler("legacy");
// As the deployed program does, with what serves its paths here.
warmCore({ serve: legacy });

const handle = createRolloutHandler({
  configStore: openConfigStore(),
  legacy,
  edgezero: createBuiltInHandler("edgezero"),
  // The level of production: the gateway's own logger would write a line for each request here.
  logger: createJsonLogger({ threshold: () => "info", write: console.log }),
});

addEventListener("fetch", (event) => {
  event.respondWith(handle(event.request, { ip: event.client.address }));
});
