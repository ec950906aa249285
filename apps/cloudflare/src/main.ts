import { env } from "cloudflare:workers";
import { createLegacyOnly, refuseFirst } from "@edgezero/gateway";
import { createGateway } from "./gateway.ts";
import { createLogger } from "./logger.ts";
import type { OptionalBindings } from "./optional-bindings.ts";
import { createLegacyHandler } from "./origin.ts";
import { readWorkerSettings } from "./settings.ts";

const examined = readWorkerSettings((name): unknown => Reflect.get(env, name));
const { settings, findings } = examined;
const logger = createLogger(settings.LOG_LEVEL);
const { EDGEZERO_EVENTS: analytics } = env as OptionalBindings;
const gateway =
  findings.length === 0
    ? createGateway({ settings, namespace: env.TRUSTED_SERVER_CONFIG, analytics, logger })
    : createLegacyOnly({
        findings,
        legacy: createLegacyHandler(settings, examined, logger),
        healthPath: settings.HEALTH_PATH ?? undefined,
        pathHeader: settings.PATH_HEADER,
        logger,
      });
const handle = refuseFirst(gateway, "of known length");

export default {
  // Cloudflare sets CF-Connecting-IP on every request, over what a client may have sent.
  fetch: (request) => handle(request, { ip: request.headers.get("cf-connecting-ip") }),
} satisfies ExportedHandler;
