import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { HostNames, SourceOf } from "@edgezero/gateway";
import type { OriginHost } from "@edgezero/settings";
import { socketAddress } from "../client/address.ts";
import { clientName, forwardedName } from "../client/name.ts";
import { forwardedHeaders } from "./headers.ts";

/** The rules by which the headers for origins are made. */
export interface HeaderRules {
  /** Tells whether the peer on the socket is a trusted proxy. */
  readonly isTrusted: (peer: string) => boolean;
  /** Whose name the origins get as `Host`. */
  readonly originHost: OriginHost;
  /** From whom origins get a header. */
  readonly sourceOf: SourceOf;
}

/** The headers of one request to an origin, and the names that its answer may have. */
export interface OriginHeaders {
  /** Names and values in turn, `Host` among them. */
  readonly headers: string[];
  /** The origin's name for TLS, where `Host` has another; otherwise `undefined`. */
  readonly servername: string | undefined;
  /** Gives the names to translate between in the answer; `null` where it stays as it is. */
  readonly names: (() => HostNames) | null;
}

/** Makes the headers of a client's request for an origin. */
export function originHeaders(
  incoming: IncomingMessage,
  origin: URL,
  { isTrusted, originHost, sourceOf }: HeaderRules,
): OriginHeaders {
  const address = socketAddress(incoming) ?? "unknown";
  const peer = { address, isTrusted: isTrusted(address) };
  const name = forwardedName(incoming, peer.isTrusted);
  const headers = forwardedHeaders(incoming, peer, name, sourceOf);
  if (originHost === "origin") {
    headers.push("host", origin.host);
    return {
      headers,
      servername: undefined,
      names: () => ({ origin, client: clientName(name) }),
    };
  }
  headers.push("host", clientName(name).host ?? origin.host);
  return { headers, servername: serverName(origin), names: null };
}

/** An address is no name for TLS. */
function serverName({ protocol, hostname }: URL): string | undefined {
  return protocol === "https:" && !hostname.startsWith("[") && isIP(hostname) === 0
    ? hostname
    : undefined;
}
