import type { RequestLike, ResponseLike } from "./web.ts";
import { web } from "./web.ts";

/** What of an absolute URL is not its path. */
export const ORIGIN_OR_QUERY: RegExp = /^[^/]*\/\/[^/]*|\?.*$/g;

/** Whether this is the health check: a `GET` of exactly `healthPath`, with any query. */
export function isHealthCheck({ method, url }: RequestLike, healthPath: string | false): boolean {
  // Every request comes this way, so no URL is parsed, and few are taken apart. No path equals
  // `false`, and no request that comes over HTTP has a fragment.
  return (
    method === "GET" &&
    url.includes(healthPath as string) &&
    url.replace(ORIGIN_OR_QUERY, "") === healthPath
  );
}

/** The answer to a health check: the gateway runs, whatever the config store or origins do. */
export function healthResponse(): ResponseLike {
  return new web.Response("ok");
}
