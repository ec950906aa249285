import type { Server } from "node:http";
import type { Socket } from "node:net";
import { readInSlices } from "./slices.ts";

/** First bytes beyond this are seldom one request: a browser's has about 500. */
const MANY_BYTES = 4096;

/**
 * Keeps a connection from the HTTP server until its client sends the first bytes, for at most
 * `limitMs` milliseconds. A client that sends nothing is closed without a byte: Node would answer 408,
 * which a browser that has connected ahead takes for the answer to its next request.
 *
 * Call it before the server listens. `closeIdleConnections` closes these connections too.
 */
export function awaitFirstBytes(server: Server, limitMs: number): void {
  const silent = new Set<Socket>();
  const serve = server.listeners("connection");
  server.removeAllListeners("connection");

  server.on("connection", (socket: Socket) => {
    const close = (): void => void socket.destroy();
    const forget = (): void => void silent.delete(socket);
    silent.add(socket);
    socket.setTimeout(limitMs);
    socket.on("timeout", close).on("error", close).on("end", close).on("close", forget);
    socket.once("data", (chunk: Buffer) => {
      forget();
      socket.pause();
      socket.setTimeout(0);
      socket.off("timeout", close).off("error", close).off("end", close).off("close", forget);
      for (const each of serve) Reflect.apply(each, server, [socket]);
      // Whoever sends this much at once may send many requests, which are not all parsed at once.
      if (chunk.length > MANY_BYTES) readInSlices(socket);
      socket.unshift(chunk);
      socket.resume();
    });
  });

  const closeIdle = server.closeIdleConnections.bind(server);
  server.closeIdleConnections = () => {
    closeIdle();
    for (const socket of silent) socket.destroy();
  };
}
