import { ipv4Bucket } from "./ipv4-bucket.ts";
import { web } from "./web.ts";

/** Only these characters, so that no other part of a URL can be smuggled into the parser. */
const ADDRESS_CHARACTERS = /^[\w:.]+$/;
/** As the URL standard prints it: hexadecimal only. */
const MAPPED = /^::ffff:(\w+):(\w+)$/;

/**
 * The canonical text of an IP address, so that every spelling of one address is one client.
 *
 * Accepts the same text as Rust's `IpAddr::from_str`, and prints it as its `Display` does: RFC 5952
 * for IPv6, with an IPv4-mapped address as `::ffff:a.b.c.d`. Total: it takes any text.
 *
 * @returns The canonical text, or `null` when `text` is not an address: leading zeros in an IPv4
 * octet, a zone (`%eth0`), brackets or a port included.
 * @see https://www.rfc-editor.org/rfc/rfc5952
 */
export function canonicalClientIp(text: string | null | undefined): string | null {
  return canonicalText(text, "::ffff:");
}

/**
 * The text that is hashed for a client: its canonical address, an IPv4-mapped IPv6 address as the
 * IPv4 address that it carries, or the empty key when there is no address.
 */
export function routingKey(clientIp: string | null | undefined): string {
  return canonicalText(clientIp, "") ?? "";
}

function canonicalText(text: string | null | undefined, mappedPrefix: string): string | null {
  if (typeof text !== "string" || !ADDRESS_CHARACTERS.test(text)) return null;
  if (ipv4Bucket(text) >= 0) return text;
  try {
    // The URL standard parses and prints an IPv6 host by the same rules, except mapped addresses.
    return hostname(`[${text}]`)
      .slice(1, -1)
      .replace(MAPPED, (_, high: string, low: string) => {
        return mappedPrefix + hostname(`0x${high}${low.padStart(4, "0")}`);
      });
  } catch {
    return null;
  }
}

function hostname(host: string): string {
  return new web.URL(`http://${host}`).hostname;
}
