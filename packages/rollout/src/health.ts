import type { RequestLike, ResponseLike } from "./web.ts";
import { web } from "./web.ts";

/** Matches the origin and the query of an absolute URL. */
export const ORIGIN_OR_QUERY: RegExp = /^[^/]*\/\/[^/]*|\?.*$/g;

/** Whether this is the health check: a `GET` or `HEAD` of exactly `healthPath`, with any query. */
export function isHealthCheck({ method, url }: RequestLike, healthPath: string | false): boolean {
  // Every request is checked, so no URL is parsed, and the regular expression runs on few. No path
  // equals `false`, and no request that comes over HTTP has a fragment.
  return (
    (method === "GET" || method === "HEAD") &&
    url.includes(healthPath as string) &&
    url.replace(ORIGIN_OR_QUERY, "") === healthPath
  );
}

/**
 * The answer to a health check. It says that the gateway runs, and nothing about store or origins.
 */
export function healthResponse(): ResponseLike {
  return new web.Response("ok");
}
