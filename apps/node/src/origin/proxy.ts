import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { errorCode, messageOf } from "@edgezero/faults/faults";
import { badGateway, gatewayTimeout } from "@edgezero/gateway";
import type { Logger, RolloutPath } from "@edgezero/rollout";
import { errors, Pool } from "undici";
import { createOriginConnector } from "./connector.ts";
import { OriginExchange } from "./exchange.ts";
import type { OriginAnswer, PathClient } from "./handler.ts";
import { forwardedHeaders, hasBody } from "./headers.ts";
import { requestTarget } from "./target.ts";

/** Options of {@link createOriginProxy}. */
export interface OriginProxyOptions {
  /** How long an origin may take to connect, to answer, and between two chunks, in milliseconds. */
  readonly timeoutMs: number;
  /** Tells whether the peer on the socket is a trusted proxy. */
  readonly isTrusted: (peer: string) => boolean;
  readonly logger: Logger;
}

/** A path that an origin serves. */
export interface OriginProxy {
  readonly handle: (request: Request, client: PathClient) => Promise<Response | OriginAnswer>;
  close(): Promise<void>;
}

/**
 * Passes requests on to an origin, streaming both ways. Redirects, errors and encodings pass
 * unchanged: the client handles them.
 *
 * Never rejects: an origin that refuses or breaks is a 502, one that is too slow a 504. When the
 * client goes away, the request to the origin is aborted.
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

        function onFault(fault: unknown): void {
          body?.destroy(fault instanceof Error ? fault : new Error(messageOf(fault)));
          logger.debug("origin failed", { path, code: errorCode(fault), error: messageOf(fault) });
          resolve(isTimeout(fault) ? gatewayTimeout() : badGateway());
        }
        const { method } = request;
        try {
          const options = {
            method,
            path: requestTarget(incoming),
            headers: forwardedHeaders(incoming, isTrusted),
            body,
          };
          const listener = { onAnswer: resolve, onFault };
          pool.dispatch(options, new OriginExchange(method, outgoing, listener));
        } catch (fault) {
          onFault(fault);
        }
      }),
    close: () => pool.destroy(),
  };
}

/**
 * The body as a stream of its own: undici destroys a body that it cannot send. To destroy the request
 * itself would close the connection on which the client waits for its answer.
 */
function bodyOf(incoming: IncomingMessage): PassThrough {
  const body = new PassThrough();
  body.on("error", () => incoming.unpipe(body));
  return incoming.pipe(body);
}

function isTimeout(fault: unknown): boolean {
  return (
    fault instanceof errors.HeadersTimeoutError ||
    fault instanceof errors.ConnectTimeoutError ||
    fault instanceof errors.BodyTimeoutError
  );
}
