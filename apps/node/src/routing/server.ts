import type { IncomingMessage, Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import type { HttpBindings } from "@hono/node-server";
import { asksForUpgrade } from "../origin/upgrade.ts";
import { GatewayResponse } from "./response.ts";

/** Longer than load balancers keep a connection, so that this end is never the first to close it. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

type Options = Parameters<typeof createAdaptorServer>[0];

/** Creates an HTTP server over a `fetch` callback. It does not listen yet. */
export function createServer(
  fetch: (request: Request, bindings: HttpBindings) => Promise<Response>,
): Server {
  // Replaces a missing Host header, which HTTP/1.0 does not require: health checks may lack it.
  const hostname = "localhost";
  const shouldUpgradeCallback = (request: IncomingMessage): boolean =>
    server.listenerCount("upgrade") > 0 && asksForUpgrade(request);
  const serverOptions = { shouldUpgradeCallback, ServerResponse: GatewayResponse };
  const options = { fetch, hostname, serverOptions } as unknown as Options;
  const server = createAdaptorServer(options) as Server;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  return server;
}
