import {
  answerWithoutSetting,
  createBuiltInHandler,
  createFetchProxy,
  deleteGatewayHeaders,
  endToEndHeaders,
} from "@edgezero/gateway";
import type { Logger, RequestHandler, RolloutClient, RolloutPath } from "@edgezero/rollout";
import type { WorkerSettings } from "./settings.ts";

const SCHEME_AND_HOST = /^\w+:\/\/[^/]*/;

type Handler = RequestHandler<Request, RolloutClient, Response>;
type OriginSettings = Pick<
  WorkerSettings["settings"],
  "LEGACY_ORIGIN" | "EDGEZERO_ORIGIN" | "UPSTREAM_TIMEOUT_MS"
>;

/** Passes requests on to the origins, or lets the built-in handlers answer where there are no origins. */
export function createPathHandlers(
  settings: OriginSettings,
  logger: Logger,
): Record<RolloutPath, Handler> {
  const { LEGACY_ORIGIN, EDGEZERO_ORIGIN } = settings;
  if (LEGACY_ORIGIN === undefined || EDGEZERO_ORIGIN === undefined) {
    return { legacy: createBuiltInHandler("legacy"), edgezero: createBuiltInHandler("edgezero") };
  }
  const options = { settings, cache: cacheModeFor(LEGACY_ORIGIN, EDGEZERO_ORIGIN), logger };
  return {
    legacy: createProxy("legacy", LEGACY_ORIGIN, options),
    edgezero: createProxy("edgezero", EDGEZERO_ORIGIN, options),
  };
}

/** The legacy path alone, where some settings are not valid: 500 where its own origin is among them. */
export function createLegacyHandler(
  settings: OriginSettings,
  { findings }: Pick<WorkerSettings, "findings">,
  logger: Logger,
): Handler {
  const { LEGACY_ORIGIN, EDGEZERO_ORIGIN = LEGACY_ORIGIN } = settings;
  if (findings.some(({ setting }) => setting === "LEGACY_ORIGIN")) {
    return () => answerWithoutSetting("LEGACY_ORIGIN");
  }
  return createPathHandlers({ ...settings, LEGACY_ORIGIN, EDGEZERO_ORIGIN }, logger).legacy;
}

/** Settings of {@link createProxy}. */
interface ProxyOptions {
  readonly settings: OriginSettings;
  readonly cache: RequestInit;
  readonly logger: Logger;
}

function createProxy(path: RolloutPath, origin: URL, options: ProxyOptions): Handler {
  const { settings, cache, logger } = options;
  return createFetchProxy({
    path,
    timeoutMs: settings.UPSTREAM_TIMEOUT_MS,
    logger,
    send: async (request) => fetch(toOrigin(request, origin), { redirect: "manual", ...cache }),
  });
}

/**
 * Cloudflare caches a fetch under its URL, with the origin's host. Two origins on one host would
 * share their entries, and so they are not cached at all.
 */
function cacheModeFor(legacy: URL, edgezero: URL): RequestInit {
  return legacy.hostname === edgezero.hostname ? { cache: "no-store" } : {};
}

function toOrigin(request: Request, origin: URL): Request {
  const headers = endToEndHeaders(request.headers);
  // A WebSocket's upgrade is the one that the platform passes on.
  if (request.headers.get("upgrade")?.toLowerCase() === "websocket") {
    headers.set("upgrade", "websocket");
  }
  // Cloudflare itself writes X-Forwarded-For and X-Forwarded-Proto.
  headers.set("x-forwarded-host", new URL(request.url).host);
  deleteGatewayHeaders(headers);
  // As text: resolved against the origin, a path that starts with `//` would leave it.
  return new Request(request.url.replace(SCHEME_AND_HOST, origin.origin), {
    method: request.method,
    headers,
    body: request.body,
  });
}
