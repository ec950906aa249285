import type { ForwardingRules } from "@edgezero/gateway";
import { forwardedHeaders } from "@edgezero/gateway";
import type { RolloutClient } from "@edgezero/rollout";

const SCHEME_AND_HOST = /^\w+:\/\/[^/]*/;

/**
 * A client's request for an origin. `Host` is always that of the URL: a Worker cannot set it.
 *
 * @param url The URL to ask, from {@link urlAtOrigin} or {@link urlAtClient}.
 * @param init How it is fetched. Given here and not to `fetch`, which would make a second request of it.
 */
export function toOrigin(
  request: Request,
  client: RolloutClient,
  url: string,
  rules: Omit<ForwardingRules, "isPlatforms">,
  init: RequestInit = {},
): Request {
  const isPlatforms = platformHeaders(request, client);
  const headers = forwardedHeaders(request, client, { ...rules, isPlatforms });
  // A WebSocket's upgrade is the one that the platform passes on.
  const { method, body } = request;
  // It would make a GET without a body of any other method.
  if (method === "GET" && request.headers.get("upgrade")?.toLowerCase() === "websocket") {
    headers.set("upgrade", "websocket");
  }
  if (body === null || (method !== "GET" && method !== "HEAD")) {
    return new Request(url, { ...init, method, headers, body });
  }
  // Only a copy may have the body of a GET. The client's signal stays with the original.
  return new Request(new Request(url, request), { ...init, headers, signal: null });
}

/**
 * Tells the headers that Cloudflare sets. Some of them it sets only for some zones, and a client's
 * stays otherwise: they count where they say what Cloudflare says elsewhere.
 */
function platformHeaders(
  { url }: Request,
  { ip }: RolloutClient,
): (name: string, value: string) => boolean {
  return (name, value) => {
    if (name === "cf-connecting-ip") return true;
    if (name === "x-real-ip" || name === "true-client-ip") return value === ip;
    return name === "cf-visitor" && value === `{"scheme":"${new URL(url).protocol.slice(0, -1)}"}`;
  };
}

/** The URL under the origin's name. As text: resolved against it, a path with `//` would leave it. */
export function urlAtOrigin(url: string, origin: URL): string {
  return url.replace(SCHEME_AND_HOST, origin.origin);
}

/**
 * The URL under the client's name, on the origin's scheme and port. The origin's address goes into
 * `resolveOverride`.
 */
export function urlAtClient(url: string, { protocol, port }: URL): string {
  const { hostname } = new URL(url);
  return url.replace(SCHEME_AND_HOST, `${protocol}//${hostname}${port === "" ? "" : `:${port}`}`);
}

/**
 * Whether two names can be of one zone: they share at least their last two labels. Cloudflare ignores
 * `resolveOverride` for another zone, and would send the request to the client's host itself.
 */
export function mayShareZone(one: string, other: string): boolean {
  const zone = one.split(".").slice(-2);
  return (
    zone.length === 2 &&
    !/^\d+$/.test(zone[1] ?? "") &&
    other.split(".").slice(-2).join(".") === zone.join(".")
  );
}
