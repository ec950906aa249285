import { isIP } from "node:net";

/** The client of a chain, or why there is not one. */
export type ChainEnd =
  | { readonly kind: "client"; readonly address: string }
  /** An entry that a trusted hop has written, and that is not an address. */
  | { readonly kind: "invalid"; readonly entry: string }
  | { readonly kind: "empty" };

/**
 * Reads `X-Forwarded-For` from its end, through trusted hops, up to the first address that is not
 * trusted. Where all are, the first entry is the client.
 */
export function clientOf(chain: string, isTrusted: (address: string) => boolean): ChainEnd {
  let end: ChainEnd = { kind: "empty" };
  for (const entry of chain.split(",").toReversed()) {
    // An empty element of a list counts for nothing: RFC 9110, section 5.6.1.
    if (entry.trim() === "") continue;
    const address = addressIn(entry);
    if (address === null) return { kind: "invalid", entry };
    end = { kind: "client", address };
    if (!isTrusted(address)) return end;
  }
  return end;
}

/**
 * The address of one entry, or `null`. A port, brackets, quotes and a zone may be around it, as some
 * proxies write them: `203.0.113.7:49152`, `[2001:db8::1]:443`, `"203.0.113.7"`.
 */
export function addressIn(entry: string): string | null {
  const trimmed = entry.trim();
  // Nearly every entry is an address alone: to look for more around it costs more than the decision.
  if (isIP(trimmed) !== 0 && !trimmed.includes("%")) return trimmed;
  const unquoted = /^"(.*)"$/.exec(trimmed)?.[1]?.trim() ?? trimmed;
  const [, bracketed, plain] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(unquoted) ?? [];
  const address = (bracketed ?? plain ?? unquoted).replace(/%.*$/s, "");
  return isIP(address) === 0 ? null : address;
}

const MOST_SHOWN = 40;

/**
 * The shape of an entry, for the log: `9` stands for a run of digits, `a` for one of letters. It never
 * shows the value, which may be a person's.
 */
export function shapeOf(entry: string): string {
  const shape = entry
    .trim()
    .replaceAll(/\d+/g, "9")
    .replaceAll(/\p{L}+/gu, "a")
    .replaceAll(/[^9a.:[\]"_%/-]/gu, "?");
  return shape.length > MOST_SHOWN ? `${shape.slice(0, MOST_SHOWN)}…` : shape;
}
