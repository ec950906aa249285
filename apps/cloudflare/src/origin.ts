import { createBuiltInHandler, createFetchProxy, endToEndHeaders } from "@edgezero/gateway";
import type { Logger, RequestHandler, RolloutClient, RolloutPath } from "@edgezero/rollout";

const SCHEME_AND_HOST = /^\w+:\/\/[^/]*/;

type Handler = RequestHandler<Request, RolloutClient, Response>;

/** The two origins as the vars say them, and how they are used. */
export interface OriginOptions {
  readonly origins: Readonly<Record<RolloutPath, string>>;
  readonly timeoutMs: number;
  readonly logger: Logger;
}

/** Passes requests on to the path's origin, or lets the built-in handler answer where it has none. */
export function createPathHandler(
  path: RolloutPath,
  { origins, timeoutMs, logger }: OriginOptions,
): Handler {
  if (origins[path] === "") return createBuiltInHandler(path);
  const origin = new URL(origins[path]);
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
function cacheModeFor(origins: Readonly<Record<RolloutPath, string>>): RequestInit {
  const hosts = Object.values(origins).map((origin) => origin && new URL(origin).hostname);
  return new Set(hosts).size < hosts.length ? { cache: "no-store" } : {};
}

function toOrigin(request: Request, origin: URL): Request {
  const headers = endToEndHeaders(request.headers);
  // A WebSocket's upgrade is the one that the platform passes on.
  if (request.headers.get("upgrade")?.toLowerCase() === "websocket") {
    headers.set("upgrade", "websocket");
  }
  // Cloudflare itself writes X-Forwarded-For and X-Forwarded-Proto.
  headers.set("x-forwarded-host", new URL(request.url).host);
  headers.delete("x-edgezero-path");
  // As text: resolved against the origin, a path that starts with `//` would leave it.
  return new Request(request.url.replace(SCHEME_AND_HOST, origin.origin), {
    method: request.method,
    headers,
    body: request.body,
  });
}
