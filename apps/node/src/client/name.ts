import type { IncomingMessage } from "node:http";
import type { ClientName } from "@edgezero/gateway";
import { validHost } from "@edgezero/gateway";

/** The client's host and scheme, as an origin is told them: in `X-Forwarded-Host` and `-Proto`. */
export interface ForwardedName {
  readonly host: string;
  readonly proto: string;
}

/**
 * Finds the name by which a client has reached the gateway, or the trusted proxy in front of it.
 *
 * @param isTrusted Whether the peer's own `X-Forwarded-Host` and `-Proto` count.
 */
export function forwardedName({ headers }: IncomingMessage, isTrusted: boolean): ForwardedName {
  return {
    host: (isTrusted && headers["x-forwarded-host"]?.toString()) || (headers.host ?? ""),
    proto: (isTrusted && headers["x-forwarded-proto"]?.toString()) || "http",
  };
}

/** The same name as the client itself knows it. Of several proxies, the first one is the client's. */
export function clientName({ host, proto }: ForwardedName): ClientName {
  return {
    host: validHost(first(host)),
    scheme: /^(?:https|wss)$/i.test(first(proto)) ? "https" : "http",
  };
}

/** The URL of a request as its client knows it, for an answer that depends on scheme and host. */
export function clientUrl(url: string, name: ForwardedName): string {
  const { scheme, host } = clientName(name);
  const { pathname, search, host: asked } = new URL(url);
  return `${scheme}://${host ?? asked}${pathname}${search}`;
}

function first(list: string): string {
  return list.split(",", 1)[0]?.trim() ?? "";
}
