import type { RequestHandler, RolloutClient } from "@edgezero/rollout";

/** Which bodies of a GET or HEAD a platform can pass on to an origin. */
export type BodyOfGet =
  /** Those whose length is known before. */
  | "of known length"
  /** No body: the program cannot even read one. */
  | "none";

/**
 * Refuses requests that cannot be passed on as they are, before anything else: with two `Host` headers,
 * with a transfer coding other than chunked, or with a body of a GET that the platform would lose. To
 * lose it in silence would answer another question than the client's.
 */
export function refuseFirst(
  handle: RequestHandler<Request, RolloutClient, Response>,
  bodyOfGet: BodyOfGet,
): RequestHandler<Request, RolloutClient, Response> {
  return (request, client) => refusalOf(request, bodyOfGet) ?? handle(request, client);
}

/** The answer to a request that is refused, or `null`. */
export function refusalOf({ method, headers }: Request, bodyOfGet: BodyOfGet): Response | null {
  // `Headers` joins those of one name by commas, and no host has one.
  if (headers.get("host")?.includes(",")) {
    return refuse(400, "Bad Request: a request has one Host header");
  }
  const coding = headers.get("transfer-encoding");
  if (coding !== null && coding.toLowerCase() !== "chunked") {
    return refuse(501, "Not Implemented: of transfer codings, only chunked is understood");
  }
  if (method !== "GET" && method !== "HEAD") return null;
  if (bodyOfGet === "of known length") {
    return coding === null
      ? null
      : refuse(411, `Length Required: here the body of a ${method} needs a Content-Length`);
  }
  const isEmpty = coding === null && Number(headers.get("content-length") ?? 0) === 0;
  return isEmpty
    ? null
    : refuse(400, `Bad Request: the body of a ${method} cannot be passed on here; use POST`);
}

function refuse(status: number, reason: string): Response {
  return new Response(`${status} ${reason}.\n`, { status });
}
