import { GATEWAY_HEADERS } from "../gateway-headers.ts";
import { translateCookie } from "./cookie-domain.ts";
import type { HostNames } from "./names.ts";
import { translateReference } from "./reference.ts";

/** The value for the client; `null` where the client gets no such header. */
type Translate = (value: string, names: HostNames) => string | null;

const COOKIES = "set-cookie";

/** The headers of a response that can lead a client to another host, in lower case. */
const TRANSLATED: ReadonlyMap<string, Translate> = new Map<string, Translate>([
  ["location", translateReference],
  ["content-location", translateReference],
  ["refresh", translateRefresh],
  ["link", translateLink],
  [COOKIES, translateCookie],
  // Another server of the origin's name. It cannot speak for the client's host.
  ["alt-svc", () => null],
]);

/** Translates an origin's headers in place: names and values in turn. */
export function translateRawHeaders(rawHeaders: string[], namesOf: () => HostNames): void {
  for (let i = rawHeaders.length - 2; i >= 0; i -= 2) {
    const translate = TRANSLATED.get((rawHeaders[i] as string).toLowerCase());
    if (translate === undefined) continue;
    const value = translate(rawHeaders[i + 1] as string, namesOf());
    if (value === null) rawHeaders.splice(i, 2);
    else rawHeaders[i + 1] = value;
  }
}

/**
 * Makes an origin's headers those for a client, in place: without the gateway's own, and with the
 * client's name for the origin's. They are walked once, and changed only where there is something to
 * change: each call into a platform costs more than many looks at a name.
 *
 * @param namesOf The names to translate between; `null` where the origin was asked by the client's.
 */
export function toClientHeaders(headers: Headers, namesOf: () => HostNames | null): void {
  // Found first, since headers must not change while they are walked.
  const found = new Set<string>();
  for (const name of headers.keys()) {
    if (GATEWAY_HEADERS.has(name) || TRANSLATED.has(name)) found.add(name);
  }
  if (found.size === 0) return;
  const names = namesOf();
  for (const name of found) {
    const translate = TRANSLATED.get(name);
    if (translate === undefined) headers.delete(name);
    else if (names !== null) translateHeader(headers, name, (value) => translate(value, names));
  }
}

function translateHeader(
  headers: Headers,
  name: string,
  translate: (value: string) => string | null,
): void {
  const before = name === COOKIES ? headers.getSetCookie() : [headers.get(name) ?? ""];
  const after = before.map(translate);
  if (after.every((value, i) => value === before[i])) return;
  headers.delete(name);
  for (const value of after) if (value !== null) headers.append(name, value);
}

/** `5; url=http://…`, also with a comma, without `url=`, or in quotes: as browsers read it. */
function translateRefresh(value: string, names: HostNames): string {
  const [, delay = "", quote = "", rest = ""] =
    /^([\d.]+\s*[;,]?\s*(?:url\s*=\s*)?)(["']?)(.*)$/is.exec(value) ?? [];
  if (delay === "") return value;
  const end = quote === "" ? -1 : rest.indexOf(quote);
  const reference = end < 0 ? rest : rest.slice(0, end);
  const after = end < 0 ? "" : rest.slice(end);
  return `${delay}${quote}${translateReference(reference, names)}${after}`;
}

/** Pages of an API, among others: `<http://…?page=2>; rel="next"`. */
function translateLink(value: string, names: HostNames): string {
  return value.replaceAll(
    /<([^<>]*)>/g,
    (_, reference: string) => `<${translateReference(reference, names)}>`,
  );
}
