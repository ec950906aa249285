import type { ResponseLike } from "../web.ts";

/**
 * The instruction of a response to shared caches in front of the gateway, while buckets decide, so
 * that both paths serve. A forced response is always `private`.
 *
 * - `unchanged`: the headers of the path's handler. Only for a gateway with no shared cache in front.
 * - `private`: no shared cache may store it. Browsers still do.
 * - `vary`: `Vary: X-Forwarded-For`, for a cache that sets that header before it looks up: each
 *   client address has its own entry.
 */
export type SharedCaches = "unchanged" | "private" | "vary";

/** The part of a Web `Headers` that is used, with names in lower case. */
export type CacheHeaders = ResponseLike["headers"] & { get(name: string): string | null };

/**
 * The members of a list, in which a quoted text may have commas; one that is never closed goes on
 * to the end. It takes linear time for any text of an origin.
 */
const MEMBER = /(?:"(?:[^"\\]|\\[^]?)*(?:"|$)|[^,])+/g;
const NEVER_CLOSED = /^[^"]*"(?:[^"\\]|\\[^]?)*$/;
/** Directives that only mean something to shared caches, or contradict `private`. */
const SHARED_ONLY = /^(?:public|private|s-maxage|proxy-revalidate)\s*(?:=|$)/i;
/**
 * Headers that outrank `Cache-Control` for the caches that know them, with the value that forbids.
 */
const TARGETED = {
  // RFC 9213, and Cloudflare's own.
  "cdn-cache-control": "no-store",
  "cloudflare-cdn-cache-control": "no-store",
  // Fastly takes the lifetime from here, and Varnish and others look for the directive.
  "surrogate-control": "no-store, max-age=0",
  // Akamai's.
  "edge-control": "no-store",
  // nginx's.
  "x-accel-expires": "0",
};
const VARY_BY = "X-Forwarded-For";

/** Sets the headers that keep the two paths' responses apart in shared caches. */
export function separateInSharedCaches(headers: CacheHeaders, how: SharedCaches): void {
  if (how === "private") forbidSharedCaching(headers);
  if (how === "vary") varyByClient(headers);
}

function forbidSharedCaching(headers: CacheHeaders): void {
  const directives = members(headers.get("cache-control")).filter(
    (directive) => !SHARED_ONLY.test(directive) && !NEVER_CLOSED.test(directive),
  );
  headers.set("cache-control", ["private", ...directives].join(", "));
  for (const [name, refusal] of Object.entries(TARGETED)) {
    if (headers.get(name) !== null) headers.set(name, refusal);
  }
}

function varyByClient(headers: CacheHeaders): void {
  const names = members(headers.get("vary"));
  if (names.some((name) => name === "*" || name.toLowerCase() === VARY_BY.toLowerCase())) return;
  headers.set("vary", [...names, VARY_BY].join(", "));
}

function members(list: string | null): string[] {
  const found = list?.match(MEMBER) ?? [];
  return found.map((member) => member.trim()).filter(Boolean);
}
