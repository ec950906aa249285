/**
 * What a response tells shared caches in front of the gateway, while both paths serve.
 *
 * - `unchanged`: what the path's handler has said. Only for a gateway that no shared cache is before.
 * - `private`: no shared cache may store it. Browsers still do.
 * - `vary`: `Vary: X-Forwarded-For`, for a cache that sets that header before it looks up: each
 *   client address has its own entry.
 */
export type SharedCaches = "unchanged" | "private" | "vary";

/** The part of a Web `Headers` that is used. */
export interface CacheHeaders {
  get(name: string): string | null;
  set(name: string, value: string): void;
}

/** Directives that only mean something to shared caches, or contradict `private`. */
const SHARED_ONLY = /^(?:public|private|s-maxage|proxy-revalidate)\b/i;
/** Headers that outrank `Cache-Control` for the caches that know them: RFC 9213, and Fastly's. */
const TARGETED = ["cdn-cache-control", "cloudflare-cdn-cache-control", "surrogate-control"];
const VARY_BY = "X-Forwarded-For";

/** Sets the headers that keep the two paths' responses apart in shared caches. */
export function separateInSharedCaches(headers: CacheHeaders, how: SharedCaches): void {
  if (how === "private") forbidSharedCaching(headers);
  if (how === "vary") varyByClient(headers);
}

function forbidSharedCaching(headers: CacheHeaders): void {
  const directives = (headers.get("cache-control") ?? "")
    .split(",")
    .map((directive) => directive.trim())
    .filter((directive) => directive !== "" && !SHARED_ONLY.test(directive));
  headers.set("cache-control", ["private", ...directives].join(", "));
  for (const name of TARGETED) {
    if (headers.get(name) !== null) headers.set(name, "no-store");
  }
}

function varyByClient(headers: CacheHeaders): void {
  const vary = headers.get("vary");
  const names =
    vary
      ?.toLowerCase()
      .split(",")
      .map((name) => name.trim()) ?? [];
  if (names.includes("*") || names.includes(VARY_BY.toLowerCase())) return;
  headers.set("vary", vary === null ? VARY_BY : `${vary}, ${VARY_BY}`);
}
