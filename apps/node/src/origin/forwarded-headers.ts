import type { IncomingMessage } from "node:http";
import { GATEWAY_HEADERS, HOP_BY_HOP_HEADERS, withoutForceCookie } from "@edgezero/gateway";
import { FORCE_COOKIE } from "@edgezero/rollout/force";
import { socketAddress } from "../client/client-address.ts";

const CONNECTION = "connection";

/** Headers of a request that end here: for this connection only, or for the gateway to write. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP_HEADERS,
  ...GATEWAY_HEADERS,
  "expect",
  "host",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);

/** As above; of a tester's cookies the origin gets others in their place. */
const NOT_OF_TESTERS: ReadonlySet<string> = new Set([...NOT_FORWARDED, "cookie"]);

/** Headers of an origin's response that end here. */
const NOT_RETURNED: ReadonlySet<string> = new Set([...HOP_BY_HOP_HEADERS, ...GATEWAY_HEADERS]);

/** The headers of an origin's response, without those for one connection only, or the gateway's. */
export function endToEndHeaders(rawHeaders: readonly string[]): string[] {
  return without(NOT_RETURNED, rawHeaders);
}

/**
 * The headers that an origin gets: the client's, without those that are for one connection only,
 * with the client's side of the connection added to `X-Forwarded-For`, `-Host` and `-Proto`.
 *
 * @param isTrusted Whether the peer is a proxy whose `X-Forwarded-Host` and `-Proto` count.
 */
export function forwardedHeaders(
  incoming: IncomingMessage,
  isTrusted: (peer: string) => boolean,
): string[] {
  const { headers } = incoming;
  const peer = socketAddress(incoming) ?? "unknown";
  const trusted = isTrusted(peer);
  const chain = headers["x-forwarded-for"];
  const isTester = headers.cookie?.includes(FORCE_COOKIE) ?? false;
  const forwarded = without(isTester ? NOT_OF_TESTERS : NOT_FORWARDED, incoming.rawHeaders);
  const cookie = isTester ? withoutForceCookie(headers.cookie ?? "") : "";
  if (cookie !== "") forwarded.push("cookie", cookie);
  forwarded.push(
    "x-forwarded-for",
    chain === undefined ? peer : `${String(chain)}, ${peer}`,
    "x-forwarded-host",
    (trusted && first(headers["x-forwarded-host"])) || (headers.host ?? ""),
    "x-forwarded-proto",
    (trusted && first(headers["x-forwarded-proto"])) || "http",
  );
  return forwarded;
}

/** Whether the headers of a request say that it has a body. */
export function hasBody(headers: NodeJS.Dict<string | string[]>): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > 0;
}

/** The headers of an origin that agrees to an upgrade: all that it says, but the gateway's. */
export function upgradeHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, i) => {
    const name = rawHeaders[i - (i % 2)] as string;
    return !GATEWAY_HEADERS.has(name.toLowerCase());
  });
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Names and values in turn, without some, and without what `Connection` names. */
function without(dropped: ReadonlySet<string>, rawHeaders: readonly string[]): string[] {
  const named = namedByConnection(rawHeaders);
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const lowerCase = name.toLowerCase();
    if (!dropped.has(lowerCase) && !named?.has(lowerCase)) {
      kept.push(name, rawHeaders[i + 1] as string);
    }
  }
  return kept;
}

/** The headers that `Connection` names as being for this connection only. */
function namedByConnection(rawHeaders: readonly string[]): Set<string> | undefined {
  let named: Set<string> | undefined;
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length !== CONNECTION.length || name.toLowerCase() !== CONNECTION) continue;
    for (const option of rawHeaders[i + 1]?.split(",") ?? []) {
      const header = option.trim().toLowerCase();
      if (header !== "keep-alive" && header !== "close") (named ??= new Set()).add(header);
    }
  }
  return named;
}
