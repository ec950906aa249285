import {
  createBuiltInHandler,
  createFetchProxy,
  deleteGatewayHeaders,
  endToEndHeaders,
} from "@edgezero/gateway";
import type { Logger, RequestHandler, RolloutClient, RolloutPath } from "@edgezero/rollout";
import type { Origins } from "./settings.ts";

const SCHEME_AND_HOST = /^\w+:\/\/[^/]*/;

type Handler = RequestHandler<Request, RolloutClient, Response>;

/** The two origins, and how they are used. */
export interface OriginOptions {
  readonly origins: Origins;
  readonly timeoutMs: number;
  readonly logger: Logger;
}

/** Passes requests on to the path's origin, or lets the built-in handler answer. */
export function createPathHandler(
  path: RolloutPath,
  { origins, timeoutMs, logger }: OriginOptions,
): Handler {
  if (origins === null) return createBuiltInHandler(path);
  const origin = origins[path];
  const cache = cacheModeFor(origins);
  return createFetchProxy({
    path,
    timeoutMs: () => timeoutMs,
    logger,
    send: async (request) => fetch(toOrigin(request, origin), { redirect: "manual", ...cache }),
  });
}

/**
 * Cloudflare caches a fetch under its URL, with the origin's host. Two origins on one host would
 * share their entries, and so they are not cached at all.
 */
function cacheModeFor({ legacy, edgezero }: NonNullable<Origins>): RequestInit {
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
