import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Server as NetServer } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { withDeadline } from "@edgezero/faults/deadline";

/** How often connections that have become idle are closed while a server stops. */
const CLOSE_IDLE_MS = 50;

/** Listens and gives the server's URL. Rejects when the address is taken, or is not this machine's. */
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
 * Stops accepting connections, and resolves when the requests in flight have finished. After
 * `graceMs` milliseconds it cuts off those that have not.
 *
 * @param idleMs How long idle connections are kept, in milliseconds, for a request that is on its way.
 */
export async function stop(server: Server, graceMs: number, idleMs = 0): Promise<void> {
  // A client that is told so does not send its next request into a connection that is closing.
  server.prependListener("request", (_, response) => {
    response.shouldKeepAlive = false;
  });
  const closed = new Promise<void>((resolve) => {
    // The method of an HTTP server would close idle connections, too.
    NetServer.prototype.close.call(server, () => resolve());
  });
  if (idleMs > 0) await Promise.race([closed, wait(idleMs)]);
  // After a pause, a timer runs before what connections have sent meanwhile is read: those are not idle.
  const closeIdle = (): void => void setImmediate(() => server.closeIdleConnections());
  closeIdle();
  const timer = setInterval(closeIdle, CLOSE_IDLE_MS);
  await withDeadline(graceMs, () => closed).catch(() => {});
  clearInterval(timer);
  server.closeAllConnections();
}
