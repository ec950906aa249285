/** An http scheme. */
export type Scheme = "http" | "https";

/** The name by which a client has reached the gateway. */
export interface ClientName {
  readonly scheme: Scheme;
  /** The host, with its port where it has one; `null` where the client named no valid one. */
  readonly host: string | null;
}

/** The two names of one site: the origin's own, and the one that its client knows. */
export interface HostNames {
  readonly origin: URL;
  readonly client: ClientName;
}

/** A name or an IPv4 address, or an IPv6 address in brackets; either may have a port. */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i;

/** A host as a client names it, or `null` where it is not one and must lead nobody anywhere. */
export function validHost(host: string | null | undefined): string | null {
  return typeof host === "string" && HOST.test(host) ? host : null;
}

/** A host without its port. */
export function withoutPort(host: string): string {
  return host.replace(/:\d*$/, "");
}

/** The scheme of a URL's protocol, such as `https:`; http for any other. */
export function schemeOf(protocol: string): Scheme {
  return protocol === "https:" ? "https" : "http";
}

/**
 * The names to translate between in an answer to a request whose URL is the client's, as the edges have it.
 *
 * @param request Its URL is absolute.
 */
export function hostNames({ url }: { readonly url: string }, origin: URL): HostNames {
  const { protocol, host } = new URL(url);
  return { origin, client: { scheme: schemeOf(protocol), host } };
}
