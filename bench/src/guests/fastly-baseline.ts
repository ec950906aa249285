import { createBuiltInHandler } from "@edgezero/gateway";
import { setReusableSandboxOptions } from "fastly:experimental";

setReusableSandboxOptions({ maxRequests: 16, betweenRequestTimeoutMs: 5000 });

const handle = createBuiltInHandler("legacy");

addEventListener("fetch", (event) => {
  event.respondWith(handle(event.request));
});
