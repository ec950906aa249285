import type { RolloutClient } from "@edgezero/rollout";
import { deleteGatewayHeaders } from "./gateway-headers.ts";
import { HOP_BY_HOP_HEADERS } from "./hop-by-hop.ts";

/**
 * The headers that an origin gets: the client's, without those that are for one connection only,
 * with the client's address added to `X-Forwarded-For`, and its host and scheme in
 * `X-Forwarded-Host` and `-Proto`.
 */
export function forwardedHeaders(request: Request, client: RolloutClient): Headers {
  const { host, protocol } = new URL(request.url);
  const headers = endToEndHeaders(request.headers);
  const chain = headers.get("x-forwarded-for");
  const peer = client.ip ?? "unknown";
  headers.set("x-forwarded-for", chain === null ? peer : `${chain}, ${peer}`);
  headers.set("x-forwarded-host", host);
  headers.set("x-forwarded-proto", protocol.slice(0, -1));
  deleteGatewayHeaders(headers);
  return headers;
}

/** A copy of headers without those that are for one connection only. */
export function endToEndHeaders(headers: Headers): Headers {
  const copy = new Headers(headers);
  for (const option of headers.get("connection")?.split(",") ?? []) {
    const name = option.trim();
    if (/^[\w-]+$/.test(name)) copy.delete(name);
  }
  for (const name of HOP_BY_HOP_HEADERS) copy.delete(name);
  return copy;
}
