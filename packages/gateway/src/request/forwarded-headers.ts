import type { RolloutClient } from "@edgezero/rollout";
import { deleteForceCookie, GATEWAY_HEADERS } from "../gateway-headers.ts";
import { HOP_BY_HOP_HEADERS } from "../hop-by-hop.ts";
import type { SourceOf } from "./header-drop.ts";
import { withVia } from "./via.ts";

/** The rules for the headers that an edge forwards. Every client of an edge is an untrusted peer. */
export interface ForwardingRules {
  readonly sourceOf: SourceOf;
  /** The gateway's name in `Via`, from `viaName`. */
  readonly via: string;
  /** Whether the platform itself has set a header that clients may not send; never unless given. */
  readonly isPlatforms?: (name: string, value: string) => boolean;
}

/**
 * The headers that an origin gets: the client's, without those that are for one connection only and
 * those that only a trusted proxy may send; with the client's address in `X-Forwarded-For`, its host and
 * scheme in `X-Forwarded-Host` and `-Proto`, and the gateway's name in `Via`.
 */
export function forwardedHeaders(
  request: Request,
  client: RolloutClient,
  { sourceOf, via, isPlatforms = () => false }: ForwardingRules,
): Headers {
  const { host, protocol } = new URL(request.url);
  // A copy, which keeps each byte of a value. Only what is there is taken out: a call into the
  // platform costs much more than a look at a name, and few requests have any such header.
  const headers = new Headers(request.headers);
  const isForConnection = connectionMatcher(request.headers);
  for (const [name, value] of request.headers) {
    if (
      isForConnection(name) ||
      // The platform itself has told the client to go on.
      name === "expect" ||
      GATEWAY_HEADERS.has(name) ||
      (sourceOf(name) !== "everyone" && !isPlatforms(name, value))
    ) {
      headers.delete(name);
    }
  }
  deleteForceCookie(headers);
  const chain = headers.get("x-forwarded-for");
  const peer = client.ip ?? "unknown";
  headers.set("x-forwarded-for", chain === null ? peer : `${chain}, ${peer}`);
  headers.set("x-forwarded-host", host);
  headers.set("x-forwarded-proto", protocol.slice(0, -1));
  headers.set("via", withVia(headers.get("via"), via));
  return headers;
}

/** A copy of headers without those that are for one connection only. */
export function endToEndHeaders(headers: Headers): Headers {
  const copy = new Headers(headers);
  const isForConnection = connectionMatcher(headers);
  for (const [name] of headers) if (isForConnection(name)) copy.delete(name);
  return copy;
}

/** Tells the headers that are for one connection only: those that always are, and that it names. */
function connectionMatcher(headers: Headers): (name: string) => boolean {
  const connection = headers.get("connection");
  if (connection === null) return (name) => HOP_BY_HOP_HEADERS.has(name);
  const named = new Set(connection.split(",").map((option) => option.trim().toLowerCase()));
  return (name) => HOP_BY_HOP_HEADERS.has(name) || named.has(name);
}
