import { env } from "cloudflare:workers";
import { parseTimeoutMs, readAttributionSettings } from "@edgezero/gateway";
import { createRolloutHandler } from "@edgezero/rollout";
import { createCloudflareAttribution } from "./attribution.ts";
import { createConfigStore } from "@edgezero/stores/cloudflare/reader";
import { createCloudflareForce } from "./force.ts";
import { createLogger } from "./logger.ts";
import type { OptionalBindings } from "./optional-bindings.ts";
import { createPathHandler } from "./origin.ts";
import { readMaxAge, readOrigins } from "./settings.ts";

const { EDGEZERO_EVENTS: analytics, FORCE_SECRET } = env as OptionalBindings;
const logger = createLogger(env.LOG_LEVEL);
const origins = readOrigins(env.LEGACY_ORIGIN, env.EDGEZERO_ORIGIN);
const paths = { origins, timeoutMs: parseTimeoutMs(env.UPSTREAM_TIMEOUT_MS), logger };
const settings = readAttributionSettings((setting) => env[setting]);
const force = createCloudflareForce(FORCE_SECRET, settings.allowWhenDisabled, logger);
const override = force?.override;

const handle = createRolloutHandler({
  configStore: createConfigStore(env.TRUSTED_SERVER_CONFIG, readMaxAge(env.CONFIG_MAX_AGE_MS)),
  legacy: createPathHandler("legacy", paths),
  edgezero: createPathHandler("edgezero", paths),
  attribution: createCloudflareAttribution({ settings, analytics, override, logger }),
  logger,
});

// Not async, and without a path to force there is nothing to await: each costs a promise a request.
function route(request: Request): Promise<Response> {
  // Cloudflare sets CF-Connecting-IP on every request, over what a client may have sent.
  return handle(request, { ip: request.headers.get("cf-connecting-ip") });
}

export default {
  fetch: force
    ? async (request) => (await force.link(request)) ?? route(request)
    : (request) => route(request),
} satisfies ExportedHandler;
