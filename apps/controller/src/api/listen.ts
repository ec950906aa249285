import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { withDeadline } from "@edgezero/faults/deadline";
import { getRequestListener } from "@hono/node-server";

/** How long a client may take to send its headers, and its whole request, in milliseconds. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 60_000;
const MOST_CONNECTIONS = 1000;

/** A server that listens. */
export interface ApiServer {
  readonly url: string;
  /** Takes no more requests, and ends those in flight after `graceMs` milliseconds. */
  close(graceMs: number): Promise<void>;
}

/** Serves requests over HTTP/1.1. Rejects where the address cannot be listened on. */
export async function listenApi(
  fetch: (request: Request, env?: object) => Response | Promise<Response>,
  port: number,
  host: string,
): Promise<ApiServer> {
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: REQUEST_MS },
    getRequestListener(fetch),
  );
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  const { address, family, port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${actual}`,
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
      server.closeIdleConnections();
      await withDeadline(graceMs, async () => closed).catch(() => {});
      server.closeAllConnections();
    },
  };
}

/** The address of a request's connection, by what the server passes along; `""` where it is gone. */
export function remoteAddress(env: unknown): string {
  const { incoming } = env as { readonly incoming?: IncomingMessage };
  return incoming?.socket.remoteAddress ?? "";
}
