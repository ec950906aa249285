import type { IncomingMessage, RequestListener, Server } from "node:http";
import { createServer as createHttpServer } from "node:http";
import type { HttpBindings } from "@hono/node-server";
import { getRequestListener } from "@hono/node-server";
import { admit, refuseReserved } from "../client/admission.ts";
import type { ClientCounts } from "../client/counts.ts";
import { createClientCounts } from "../client/counts.ts";
import { awaitFirstBytes } from "../client/first-bytes.ts";
import { countParserFaults, findMalformed, refuseMalformed } from "../client/malformed.ts";
import { watchBody } from "../client/patience.ts";
import { inTurn } from "../client/turns.ts";
import { hasBody } from "../origin/headers.ts";
import { asksForUpgrade } from "../origin/upgrade.ts";
import { GatewayResponse } from "./response.ts";

/** Options of {@link createServer}. Times are in milliseconds. */
export interface ServerOptions {
  readonly maxConnections: number;
  /** How long a client may make no progress: before its first byte, in headers or in a body. */
  readonly clientTimeoutMs: number;
  /** How long a whole request may take to arrive; `null` sets no limit. */
  readonly requestTimeoutMs: number | null;
  /** How long an idle connection is kept. */
  readonly keepAliveTimeoutMs: number;
  readonly counts: ClientCounts;
  /** Whether a path is answered by the gateway itself, also when too many clients are connected. */
  readonly isCheck: (path: string) => boolean;
}

const NO_LIMITS: ServerOptions = {
  maxConnections: 1_000_000,
  clientTimeoutMs: 60_000,
  requestTimeoutMs: null,
  keepAliveTimeoutMs: 60_000,
  counts: createClientCounts(),
  isCheck: () => false,
};

/** Creates an HTTP server over a `fetch` callback. It does not listen yet. */
export function createServer(
  fetch: (request: Request, bindings: HttpBindings) => Promise<Response>,
  options: ServerOptions = NO_LIMITS,
): Server {
  const { clientTimeoutMs, requestTimeoutMs, counts } = options;
  // Replaces a missing Host header, which HTTP/1.0 does not require: health checks may lack it.
  const hostname = "localhost";
  const answer = getRequestListener(
    (request, bindings) => fetch(request, bindings as HttpBindings),
    { hostname, autoCleanupIncoming: false },
  ) as RequestListener;
  const handle: RequestListener = (incoming, outgoing) => {
    if (hasBody(incoming.headers)) watchBody(incoming, outgoing, clientTimeoutMs);
    answer(incoming, outgoing);
  };
  const shouldUpgradeCallback = (request: IncomingMessage): boolean =>
    server.listenerCount("upgrade") > 0 &&
    asksForUpgrade(request) &&
    isFirstInTurn(request) &&
    findMalformed(request) === null &&
    !admission.isReserved(request.socket);

  const serverOptions = {
    shouldUpgradeCallback,
    ServerResponse: GatewayResponse,
    requestTimeout: requestTimeoutMs ?? 0,
    headersTimeout: Math.min(clientTimeoutMs, requestTimeoutMs ?? clientTimeoutMs),
    // A request without Host is refused with those that have two, so that it is counted.
    requireHostHeader: false,
    keepAliveTimeout: options.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.min(clientTimeoutMs, LONGEST_CHECK_MS),
  };
  const server = createHttpServer(serverOptions as object);
  awaitFirstBytes(server, clientTimeoutMs);
  const admission = admit(server, options);
  const admitted = refuseReserved(handle, admission, counts, options.isCheck);
  const wellFormed = refuseMalformed(admitted, counts);
  countParserFaults(server, counts);
  return server.on(
    "request",
    inTurn(wellFormed, () => void counts.floods++),
  );
}

/** How often Node looks for requests that take too long to arrive, in milliseconds. */
const LONGEST_CHECK_MS = 5000;

/**
 * Tells whether no earlier request of the connection waits for its answer. An upgrade would take the
 * connection away from it, so that it counts as the plain request that it may also be.
 */
function isFirstInTurn({ socket }: IncomingMessage): boolean {
  const { _httpMessage: response = null } = socket as { readonly _httpMessage?: unknown };
  return response === null;
}
