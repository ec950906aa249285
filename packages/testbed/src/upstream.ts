import { once } from "node:events";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Server as NetServer, Socket } from "node:net";
import { createServer as createNetServer } from "node:net";

/** An origin under a test's control. */
export interface Upstream {
  readonly url: string;
  readonly server: Server;
  /** What it answers; each test sets its own. */
  handler: RequestListener;
  /** How many connections it has accepted. */
  connections: number;
  /** How many of them are open now. */
  openConnections(): Promise<number>;
  close(): Promise<void>;
}

/** Starts an HTTP origin on a free port. */
export async function startUpstream(
  handler: RequestListener = (_, response) => void response.end(),
): Promise<Upstream> {
  const server = createServer((request, response) => upstream.handler(request, response));
  server.on("connection", () => {
    upstream.connections++;
  });
  const upstream: Upstream = {
    url: await listening(server),
    server,
    handler,
    connections: 0,
    openConnections: () =>
      new Promise((resolve) => {
        server.getConnections((_, count) => resolve(count));
      }),
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
  return upstream;
}

/** An origin that speaks raw TCP, for what no HTTP library would send. */
export interface RawUpstream {
  readonly url: string;
  /** What it does with a connection; each test sets its own. */
  handler: (socket: Socket) => void;
  close(): Promise<void>;
}

/** Starts a raw TCP origin on a free port. */
export async function startRawUpstream(): Promise<RawUpstream> {
  const sockets = new Set<Socket>();
  const server = createNetServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    upstream.handler(socket);
  });
  const upstream: RawUpstream = {
    url: await listening(server),
    handler: (socket) => socket.destroy(),
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
  return upstream;
}

/** The URL of a port on which nothing listens. */
export async function refusingUrl(): Promise<string> {
  const server = createNetServer();
  const url = await listening(server);
  server.close();
  await once(server, "close");
  return url;
}

/** The next request that an origin gets. Take it before the request is sent. */
export function nextRequest(upstream: Upstream): Promise<[IncomingMessage, ServerResponse]> {
  return new Promise((resolve) => {
    upstream.handler = (request, response) => resolve([request, response]);
  });
}

async function listening(server: NetServer): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
