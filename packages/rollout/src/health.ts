import type { RequestLike, ResponseLike } from "./web.ts";
import { web } from "./web.ts";

const ORIGIN_OR_QUERY = /^[^/]*\/\/[^/]*|[?#].*$/g;

/** Whether this is the health check: a `GET` of exactly `healthPath`, with any query. */
export function isHealthCheck(request: RequestLike, healthPath: string | false): boolean {
  // No URL is parsed here: every request comes this way.
  return request.method === "GET" && request.url.replace(ORIGIN_OR_QUERY, "") === healthPath;
}

/** The answer to a health check: the gateway runs, whatever the config store or origins do. */
export function healthResponse(): ResponseLike {
  return new web.Response("ok", { headers: { "cache-control": "no-store" } });
}
