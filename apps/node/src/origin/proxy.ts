import type { IncomingMessage } from "node:http";
import { PassThrough } from "node:stream";
import { messageOf } from "@edgezero/faults/faults";
import {
  badGateway,
  gatewayTimeout,
  isLoop,
  loopDetected,
  originBusy,
  translateRawHeaders,
} from "@edgezero/gateway";
import type { OriginConnectionsOptions, SentRequest } from "./connections.ts";
import { OriginConnections } from "./connections.ts";
import type { OriginCounts } from "./counts.ts";
import { OriginExchange } from "./exchange.ts";
import type { OriginFaults } from "./faults.ts";
import type { OriginAnswer, PathClient } from "./handler.ts";
import { hasBody } from "./headers.ts";
import type { HeaderRules } from "./request-headers.ts";
import { originHeaders } from "./request-headers.ts";
import { requestTarget } from "./target.ts";
import { VIA_NAME } from "./via.ts";

/** Options of {@link createOriginProxy}. */
export interface OriginProxyOptions extends OriginConnectionsOptions {
  /** How long a client may take nothing of a response, in milliseconds. */
  readonly clientTimeoutMs: number;
  readonly headerRules: HeaderRules;
  readonly faults: OriginFaults;
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
 * Never rejects: an origin that refuses or breaks is a 502, one that is too slow a 504, and one that
 * has as many requests as it may have a 503. When the client goes away, the request to the origin is
 * aborted, which is no fault of the origin.
 */
export function createOriginProxy(
  origin: URL,
  counts: OriginCounts,
  { headerRules, clientTimeoutMs, faults, ...limits }: OriginProxyOptions,
): OriginProxy {
  const connections = new OriginConnections(origin, counts, limits);

  return {
    handle: (request, { ip, incoming, outgoing }) =>
      new Promise((resolve) => {
        if (isLoop(incoming.headers.via, VIA_NAME)) {
          faults.looped(incoming);
          resolve(loopDetected());
          return;
        }
        const body = hasBody(incoming.headers) ? bodyOf(incoming) : null;
        let sent: SentRequest | undefined;

        function onFault(fault: unknown): void {
          body?.destroy(fault instanceof Error ? fault : new Error(messageOf(fault)));
          const isGone = outgoing.destroyed && !outgoing.isBrokenOff;
          const kind = isGone ? null : faults.failed(incoming, fault);
          resolve(kind === "timeout" ? gatewayTimeout() : badGateway());
        }
        const { method } = request;
        try {
          const { headers, servername, names } = originHeaders(incoming, origin, headerRules);
          // The name for TLS goes along, or undici would take it from `Host`.
          const options = { method, path: requestTarget(incoming), headers, servername, body };
          const onAnswer = (answer: OriginAnswer): void => {
            if (names !== null) translateRawHeaders(answer.rawHeaders, names);
            resolve(answer);
          };
          const listener = {
            onAnswer,
            onFault,
            mayRetry: (fault: Error) => sent?.retry(fault) ?? false,
            onGone: () => sent?.cancel(),
          };
          const handler = new OriginExchange(method, outgoing, listener, clientTimeoutMs);
          const onRefused = (): void => {
            faults.busy(incoming);
            resolve(originBusy());
          };
          sent = connections.send({ options, handler, client: ip ?? "", onRefused });
        } catch (fault) {
          onFault(fault);
        }
      }),
    close: () => connections.close(),
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
