import { env } from "cloudflare:workers";
import { parseTimeoutMs } from "@edgezero/gateway";
import { createRolloutHandler } from "@edgezero/rollout";
import { createConfigStore } from "./config-store.ts";
import { createLogger } from "./logger.ts";
import { createPathHandler } from "./origin.ts";
import { readMaxAge, readOrigins } from "./settings.ts";

const logger = createLogger(env.LOG_LEVEL);
const origins = readOrigins(env.LEGACY_ORIGIN, env.EDGEZERO_ORIGIN);
const paths = { origins, timeoutMs: parseTimeoutMs(env.UPSTREAM_TIMEOUT_MS), logger };

const handle = createRolloutHandler({
  configStore: createConfigStore(env.TRUSTED_SERVER_CONFIG, readMaxAge(env.CONFIG_MAX_AGE_MS)),
  legacy: createPathHandler("legacy", paths),
  edgezero: createPathHandler("edgezero", paths),
  logger,
});

export default {
  // Cloudflare sets CF-Connecting-IP on every request, over what a client may have sent.
  fetch: (request) => handle(request, { ip: request.headers.get("cf-connecting-ip") }),
} satisfies ExportedHandler;
