import type { RequestListener, Server } from "node:http";
import type { Socket } from "node:net";
import type { ClientCounts } from "./counts.ts";

/** Connections beyond the limit that are accepted, for health checks. */
const RESERVED_CONNECTIONS = 32;
/** How often idle connections may be closed to make room, in milliseconds. */
const MAKE_ROOM_EVERY_MS = 1000;
const BUSY = "503 Service Unavailable: too many clients are connected. Try again.\n";

/** Options of {@link admit}. */
export interface AdmissionOptions {
  readonly maxConnections: number;
  readonly counts: ClientCounts;
}

/** Knows which connections are beyond the limit. */
export interface Admission {
  /** Whether a connection is one of those that are kept for health checks. */
  isReserved(socket: Socket): boolean;
}

/**
 * Limits how many clients are connected. At the limit idle connections are closed; a few more are
 * accepted, so that health checks are answered. Call it before the server listens, and after
 * everything else that looks at its new connections.
 */
export function admit(server: Server, { maxConnections, counts }: AdmissionOptions): Admission {
  const reserved = new WeakSet<Socket>();
  let madeRoomAt = -Infinity;
  server.maxConnections = maxConnections + RESERVED_CONNECTIONS;
  server.prependListener("connection", (socket: Socket) => {
    counts.connections++;
    socket.once("close", () => void counts.connections--);
    if (counts.connections <= maxConnections) return;
    reserved.add(socket);
    if (performance.now() - madeRoomAt < MAKE_ROOM_EVERY_MS) return;
    madeRoomAt = performance.now();
    server.closeIdleConnections();
  });
  return { isReserved: (socket) => reserved.has(socket) };
}

/**
 * Answers 503 on connections that are beyond the limit, but for health checks.
 *
 * @param isCheck Tells whether a request target, without its query, is one of the gateway's own.
 */
export function refuseReserved(
  handle: RequestListener,
  admission: Admission,
  counts: ClientCounts,
  isCheck: (path: string) => boolean,
): RequestListener {
  return (incoming, outgoing) => {
    if (!admission.isReserved(incoming.socket) || isCheck(incoming.url?.split("?")[0] ?? "")) {
      handle(incoming, outgoing);
      return;
    }
    counts.refused++;
    outgoing.shouldKeepAlive = false;
    outgoing.writeHead(503, { "content-type": "text/plain", "retry-after": "1" }).end(BUSY);
  };
}
