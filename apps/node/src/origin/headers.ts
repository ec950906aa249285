import type { IncomingMessage } from "node:http";
import type { SourceOf } from "@edgezero/gateway";
import {
  GATEWAY_HEADERS,
  HOP_BY_HOP_HEADERS,
  withoutForceCookie,
  withVia,
} from "@edgezero/gateway";
import type { ForwardedName } from "../client/name.ts";
import { VIA_NAME } from "./via.ts";

const CONNECTION = "connection";
const CHAIN = "x-forwarded-for";

/** Request headers that are not forwarded: those of this connection, and those the gateway writes. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP_HEADERS,
  ...GATEWAY_HEADERS,
  "expect",
  "host",
  "via",
  CHAIN,
  "x-forwarded-host",
  "x-forwarded-proto",
]);

/** The same for a tester, whose cookies are forwarded without the force cookie. */
const NOT_OF_TESTERS: ReadonlySet<string> = new Set([...NOT_FORWARDED, "cookie"]);

/** Response headers that are not passed on: those of the connection, and the gateway's own. */
const NOT_RETURNED: ReadonlySet<string> = new Set([...HOP_BY_HOP_HEADERS, ...GATEWAY_HEADERS]);

/** Removes the headers of one connection, and the gateway's own, from an origin's response. */
export function endToEndHeaders(rawHeaders: readonly string[]): string[] {
  return without((name) => NOT_RETURNED.has(name), rawHeaders);
}

/** The peer of a connection, as far as its headers depend on it. */
export interface Peer {
  readonly address: string;
  readonly isTrusted: boolean;
}

/**
 * Gives the headers for an origin, but `Host`: the client's, without those of one connection and those
 * that only a trusted proxy may send; with the client's side of the connection in `X-Forwarded-For`,
 * `-Host` and `-Proto`, and `Via`.
 */
export function forwardedHeaders(
  incoming: IncomingMessage,
  { address, isTrusted }: Peer,
  { host, proto }: ForwardedName,
  sourceOf: SourceOf,
): string[] {
  const { headers } = incoming;
  const given = headers.cookie ?? "";
  const cookie = withoutForceCookie(given);
  const isTester = cookie !== given;
  const dropped = isTester ? NOT_OF_TESTERS : NOT_FORWARDED;
  const counts = (name: string): boolean => {
    const source = sourceOf(name);
    return source === "everyone" || (isTrusted && source === "proxies");
  };
  const forwarded = without((name) => dropped.has(name) || !counts(name), incoming.rawHeaders);
  if (isTester && cookie !== "") forwarded.push("cookie", cookie);
  const chain = counts(CHAIN) ? headers[CHAIN] : undefined;
  forwarded.push(
    "via",
    withVia(headers.via, VIA_NAME, incoming.httpVersion),
    CHAIN,
    chain === undefined ? address : `${String(chain)}, ${address}`,
    "x-forwarded-host",
    host,
    "x-forwarded-proto",
    proto,
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

/** Removes some headers, and those that `Connection` names, from names and values in turn. */
function without(
  isDropped: (lowerCaseName: string) => boolean,
  rawHeaders: readonly string[],
): string[] {
  const named = namedByConnection(rawHeaders);
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    const lowerCase = name.toLowerCase();
    if (!isDropped(lowerCase) && !named?.has(lowerCase)) {
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
