import type { IncomingMessage } from "node:http";
import { GATEWAY_HEADERS, HOP_BY_HOP_HEADERS, withoutForceCookie } from "@edgezero/gateway";
import { FORCE_COOKIE } from "@edgezero/rollout/force";
import { socketAddress } from "../client/address.ts";

const CONNECTION = "connection";

/** Request headers that are not forwarded: those of this connection, and those the gateway writes. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP_HEADERS,
  ...GATEWAY_HEADERS,
  "expect",
  "host",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);

/** The same for a tester, whose cookies are forwarded without the force cookie. */
const NOT_OF_TESTERS: ReadonlySet<string> = new Set([...NOT_FORWARDED, "cookie"]);

/** Response headers that are not passed on: those of the connection, and the gateway's own. */
const NOT_RETURNED: ReadonlySet<string> = new Set([...HOP_BY_HOP_HEADERS, ...GATEWAY_HEADERS]);

/** Removes the headers of one connection, and the gateway's own, from an origin's response. */
export function endToEndHeaders(rawHeaders: readonly string[]): string[] {
  return without(NOT_RETURNED, rawHeaders);
}

/**
 * Gives the headers for an origin: the client's, without those of one connection, and with the
 * client's side of the connection added to `X-Forwarded-For`, `-Host` and `-Proto`.
 *
 * @param isTrusted Tells whether the `X-Forwarded-Host` and `-Proto` of a peer count.
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

/** Tells whether the headers of a request announce a body. */
export function hasBody(headers: NodeJS.Dict<string | string[]>): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"]) > 0;
}

/** The headers of an origin that agrees to an upgrade, without the gateway's own. */
export function upgradeHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_, i) => {
    const name = rawHeaders[i - (i % 2)] as string;
    return !GATEWAY_HEADERS.has(name.toLowerCase());
  });
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

/** Removes some headers, and those that `Connection` names, from names and values in turn. */
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

/** The headers that `Connection` names as headers of this connection. */
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
