import type { HostNames } from "./names.ts";
import { withoutPort } from "./names.ts";

/**
 * Turns the `Domain` of a `Set-Cookie` that covers the origin to the client's host: browsers refuse a
 * cookie for another site. A domain that covers both hosts stays, and so does one of neither.
 *
 * Where the client's host is not known or is an IPv6 address, the cookie has no `Domain`: it is then
 * for that host alone.
 */
export function translateCookie(cookie: string, names: HostNames): string {
  if (!/domain/i.test(cookie)) return cookie;
  const [pair = "", ...attributes] = cookie.split(";");
  const translated = attributes.map((attribute) => translateAttribute(attribute, names));
  return [pair, ...translated.filter((attribute) => attribute !== null)].join(";");
}

function translateAttribute(attribute: string, { origin, client }: HostNames): string | null {
  const [, name = "", domain = ""] = /^(\s*domain\s*=)(.*)$/is.exec(attribute) ?? [];
  const covered = nameOf(domain);
  if (name === "" || covered === null || !covers(covered, nameOf(origin.hostname))) {
    return attribute;
  }
  if (client.host === null || client.host.startsWith("[")) return null;
  const host = withoutPort(client.host).toLowerCase();
  return covers(covered, host) ? attribute : `${name}${host}`;
}

/** Whether a cookie of that domain is sent to the host. A single label, such as `com`, covers itself only. */
function covers(domain: string, host: string | null): boolean {
  return host === domain || (domain.includes(".") && host !== null && host.endsWith(`.${domain}`));
}

/** The name in its one spelling, or `null` where it is not one. */
function nameOf(domain: string): string | null {
  const text = domain.trim().replace(/^\./, "");
  if (text === "") return null;
  try {
    return new URL(`http://${text}`).hostname.replace(/\.$/, "");
  } catch {
    return null;
  }
}
