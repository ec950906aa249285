import type { HostNames } from "./names.ts";
import { schemeOf } from "./names.ts";

/** The base that tells a relative reference: only such a one can end there. */
const ELSEWHERE = "elsewhere.invalid";

/** A reference with an authority, as it is usually written. The rest is kept byte for byte. */
const USUAL = /^(?:[a-z][a-z\d+.-]*:)?\/\/([^/?#\\]*)([/?#].*)?$/is;

/**
 * Turns a reference that names the origin to the client's host, and leaves every other as it is.
 *
 * The port counts as the origin's where it is the origin's own, or is not given: an application often
 * knows the name of its server, and not its port. Another port is another site.
 *
 * Where the client's host is not known, the reference becomes relative to it.
 */
export function translateReference(text: string, names: HostNames): string {
  const { client } = names;
  const url = parse(text, `${client.scheme}://${ELSEWHERE}/`);
  if (url === null || url.hostname === ELSEWHERE || !isOfOrigin(url, names.origin)) return text;
  const [, authority = "", rest = ""] = USUAL.exec(text) ?? [
    text,
    "",
    url.pathname + url.search + url.hash,
  ];
  if (client.host === null) return onSameHost(rest);
  const user = authority.slice(0, authority.lastIndexOf("@") + 1);
  const scheme = text.startsWith("//") ? "" : `${schemeFor(url, names)}:`;
  return `${scheme}//${user}${client.host}${rest}`;
}

function isOfOrigin(url: URL, origin: URL): boolean {
  if (!/^https?:$/.test(url.protocol)) return false;
  if (withoutDot(url.hostname) !== withoutDot(origin.hostname)) return false;
  return url.port === "" || portOf(url) === portOf(origin);
}

/**
 * The client's scheme for the origin's; another than the origin's stays, since it was meant. A client
 * on https is never led to http.
 */
function schemeFor(url: URL, { origin, client }: HostNames): string {
  if (client.scheme === "https") return "https";
  return url.protocol === origin.protocol ? client.scheme : schemeOf(url.protocol);
}

/** Two slashes at the start of a path would name another host. */
function onSameHost(rest: string): string {
  if (!rest.startsWith("/")) return `/${rest}`;
  return /^\/[/\\]/.test(rest) ? `/.${rest}` : rest;
}

function portOf({ port, protocol }: URL): string {
  return port === "" ? ({ "http:": "80", "https:": "443" }[protocol] ?? "") : port;
}

function withoutDot(hostname: string): string {
  return hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
}

function parse(text: string, base: string): URL | null {
  // Not by `URL.parse`, which Fastly does not have.
  try {
    return new URL(text, base);
  } catch {
    return null;
  }
}
