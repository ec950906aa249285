import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { badGateway, gatewayTimeout } from "@edgezero/gateway";
import type { RolloutPath } from "@edgezero/rollout";
import type { Logger } from "@edgezero/rollout";
import type { Dispatcher } from "undici";
import { errors, Pool } from "undici";
import { endToEndHeaders, forwardedHeaders, hasBody } from "./forwarded-headers.ts";
import type { NodeClient } from "./gateway.ts";
import { requestTarget } from "./request-target.ts";
import { UpstreamResponse } from "./upstream-response.ts";

/** Responses that end with their headers: RFC 9112, section 6.3. A 205 is not one of them. */
const NO_BODY = new Set([204, 304]);

/** Settings of {@link createOriginProxy}. */
export interface OriginProxyOptions {
  /** How long an origin may take to connect, to answer, and between two chunks, in milliseconds. */
  readonly timeoutMs: number;
  readonly isTrusted: (peer: string) => boolean;
  readonly logger: Logger;
}

/** A path that an origin serves. */
export interface OriginProxy {
  readonly handle: (request: Request, client: NodeClient) => Promise<Response | UpstreamResponse>;
  close(): Promise<void>;
}

/**
 * Passes requests on to an origin, streaming both ways. Redirects, errors and encodings are the
 * client's to handle and pass as they are.
 *
 * Never rejects: an origin that refuses or breaks is a 502, one that is too slow a 504. When the
 * client goes away, the origin's request is aborted.
 */
export function createOriginProxy(
  path: RolloutPath,
  origin: URL,
  { timeoutMs, isTrusted, logger }: OriginProxyOptions,
): OriginProxy {
  const pool = new Pool(origin, {
    connect: { timeout: timeoutMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });

  return {
    async handle(request, { incoming }) {
      try {
        const answer = await pool.request({
          method: request.method,
          path: requestTarget(incoming),
          headers: forwardedHeaders(incoming, isTrusted),
          body: hasBody(incoming.headers) ? bodyOf(incoming) : null,
          signal: request.signal,
          responseHeaders: "raw",
        });
        return toResponse(request.method, answer);
      } catch (error) {
        const { code, message } = error as NodeJS.ErrnoException;
        logger.debug("origin failed", { path, code: code ?? "", error: message });
        return isTimeout(error) ? gatewayTimeout() : badGateway();
      }
    },
    close: () => pool.destroy(),
  };
}

function toResponse(method: string, answer: Dispatcher.ResponseData): UpstreamResponse {
  // With `responseHeaders: "raw"` these are names and values in turn, which the types do not say.
  const rawHeaders = endToEndHeaders(answer.headers as unknown as string[]);
  const { statusCode, statusText, body } = answer;
  const isEmpty = method === "HEAD" || NO_BODY.has(statusCode);
  if (isEmpty) body.resume();
  return new UpstreamResponse(statusCode, statusText, rawHeaders, isEmpty ? null : body);
}

/**
 * The body as a stream of its own: undici destroys what it cannot send, and with the request itself
 * would go the connection on which the client waits for its answer.
 */
function bodyOf(incoming: IncomingMessage): PassThrough {
  const body = new PassThrough();
  body.on("error", () => incoming.unpipe(body));
  return incoming.pipe(body);
}

function isTimeout(error: unknown): boolean {
  return (
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.ConnectTimeoutError ||
    error instanceof errors.BodyTimeoutError
  );
}
