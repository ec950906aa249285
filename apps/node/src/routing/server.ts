import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { HttpBindings } from "@hono/node-server";
import { GatewayResponse } from "./gateway-response.ts";
import { asksForUpgrade } from "../origin/upgrade.ts";

/** Longer than load balancers keep a connection, so that it is never this end that closes first. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

type Options = Parameters<typeof createAdaptorServer>[0];

/** An HTTP server over a `fetch` callback, not yet listening. */
export function createServer(
  fetch: (request: Request, bindings: HttpBindings) => Promise<Response>,
): Server {
  // Stands in for the Host header, which HTTP/1.0 does not ask for: health checks may lack it.
  const hostname = "localhost";
  const shouldUpgradeCallback = (request: IncomingMessage): boolean =>
    server.listenerCount("upgrade") > 0 && asksForUpgrade(request);
  const serverOptions = { shouldUpgradeCallback, ServerResponse: GatewayResponse };
  const options = { fetch, hostname, serverOptions } as unknown as Options;
  const server = createAdaptorServer(options) as Server;
  server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
  return server;
}

/** Listens; gives the server's URL, or rejects when the address is taken or not this machine's. */
export async function listen(server: Server, port: number, host: string): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { address, family, port: actualPort } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${actualPort}`;
}

/**
 * Stops accepting, and resolves when the requests in flight have finished, or were cut off after
 * `graceMs` milliseconds.
 */
export async function stop(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const closeIdle = setInterval(() => server.closeIdleConnections(), 50);
    const deadline = setTimeout(finish, graceMs);
    function finish(): void {
      clearInterval(closeIdle);
      clearTimeout(deadline);
      server.closeAllConnections();
      resolve();
    }
    // A client that is told so does not send its next request into a connection that is closing.
    server.prependListener("request", (_, response) => {
      response.shouldKeepAlive = false;
    });
    server.close(finish);
    server.closeIdleConnections();
  });
}
