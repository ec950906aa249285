import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { badGateway, gatewayTimeout } from "@edgezero/gateway";
import type { Logger, RolloutPath } from "@edgezero/rollout";
import { errors, Pool } from "undici";
import { forwardedHeaders, hasBody } from "./forwarded-headers.ts";
import type { RoutedClient } from "../routing/gateway.ts";
import { createOriginConnector } from "./connector.ts";
import { OriginExchange } from "./exchange.ts";
import type { OriginResponse } from "./response.ts";
import { requestTarget } from "./request-target.ts";

/** Settings of {@link createOriginProxy}. */
export interface OriginProxyOptions {
  /** How long an origin may take to connect, to answer, and between two chunks, in milliseconds. */
  readonly timeoutMs: number;
  readonly isTrusted: (peer: string) => boolean;
  readonly logger: Logger;
}

/** A path that an origin serves. */
export interface OriginProxy {
  readonly handle: (request: Request, client: RoutedClient) => Promise<Response | OriginResponse>;
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
    connect: createOriginConnector(timeoutMs),
    allowH2: false,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });

  return {
    handle: (request, { incoming, outgoing }) =>
      new Promise((resolve) => {
        const body = hasBody(incoming.headers) ? bodyOf(incoming) : null;

        function onFailure(error: Error): void {
          body?.destroy(error);
          const { code, message } = error as NodeJS.ErrnoException;
          logger.debug("origin failed", { path, code: code ?? "", error: message });
          resolve(isTimeout(error) ? gatewayTimeout() : badGateway());
        }
        const { method } = request;
        try {
          const options = {
            method,
            path: requestTarget(incoming),
            headers: forwardedHeaders(incoming, isTrusted),
            body,
          };
          const answer = { onResponse: resolve, onFailure };
          pool.dispatch(options, new OriginExchange(method, outgoing, answer));
        } catch (error) {
          onFailure(error as Error);
        }
      }),
    close: () => pool.destroy(),
  };
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
