// The plain handler, run in the build as the gateway's core is: what the rollout itself costs then.
import { createBuiltInHandler } from "@edgezero/gateway";
import { setReusableSandboxOptions } from "fastly:experimental";

setReusableSandboxOptions({ maxRequests: 16, betweenRequestTimeoutMs: 5000 });

const handle = createBuiltInHandler("legacy");
const request = { method: "GET", url: "https://example.com/a", headers: new Map() };
try {
  void Promise.resolve(handle(request as unknown as Request)).catch(() => {});
} catch {
  // A response cannot be made in the build. What comes before it has run.
}

addEventListener("fetch", (event) => {
  event.respondWith(handle(event.request));
});
