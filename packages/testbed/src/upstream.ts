import { once } from "node:events";
import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo, Server as NetServer, Socket } from "node:net";
import { createServer as createNetServer } from "node:net";

/** The origins of a gateway's two paths. */
export interface OriginUrls {
  readonly legacy: string;
  readonly edgezero: string;
}

/** An origin under a test's control. */
export interface Upstream {
  readonly url: string;
  readonly server: Server;
  /** Answers requests; each test sets its own. */
  handler: RequestListener;
  /** How many connections it has accepted. */
  connections: number;
  /** How many of them are open now. */
  openConnections(): Promise<number>;
  /** Refuses connections while `action` runs. */
  whileDown(action: () => Promise<void>): Promise<void>;
  /** Ends all connections, and resolves once it accepts no more. */
  close(): Promise<void>;
}

/** Where an origin listens. */
export interface UpstreamPlace {
  /** An address of this machine; 127.0.0.1 unless given. */
  readonly address?: string;
  /** A free port unless given. For an origin that goes down and comes back, give one of `freePort`. */
  readonly port?: number;
}

/** Starts an HTTP origin. It answers requests with nothing unless a handler says otherwise. */
export async function startUpstream(
  handler: RequestListener = (_, response) => void response.end(),
  place: UpstreamPlace = {},
): Promise<Upstream> {
  const server = createServer((request, response) => upstream.handler(request, response));
  // The server no longer counts a connection that has changed its protocol.
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    upstream.connections++;
    sockets.add(socket.once("close", () => sockets.delete(socket)));
  });

  async function close(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  const url = await listening(server, place);
  const upstream: Upstream = {
    url,
    server,
    handler,
    connections: 0,
    openConnections: () =>
      new Promise((resolve) => {
        server.getConnections((_, count) => resolve(count));
      }),
    async whileDown(action) {
      await close();
      try {
        await action();
      } finally {
        await listening(server, { ...place, port: Number(new URL(url).port) });
      }
    },
    close,
  };
  return upstream;
}

/** An origin that speaks raw TCP, for bytes that no HTTP library would send. */
export interface RawUpstream {
  readonly url: string;
  /** Handles a connection; each test sets its own. */
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

async function listening(
  server: NetServer,
  { address = "127.0.0.1", port = 0 }: UpstreamPlace = {},
): Promise<string> {
  server.listen(port, address);
  await once(server, "listening");
  return `http://${address}:${(server.address() as AddressInfo).port}`;
}
