import { buildConnector } from "undici";

/**
 * Connects to an origin, and reports a connection that the origin resets as broken.
 *
 * Where a response gives no length, undici takes `ECONNRESET` for the end of its body: the client
 * would get a part as the whole. RFC 9112, section 8, calls such a response incomplete.
 */
export function createOriginConnector(timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, allowH2: false });
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      // Runs before undici's own listener, which decides by the code.
      socket.on("error", (reset: NodeJS.ErrnoException) => {
        if (reset.code === "ECONNRESET") reset.code = "UND_ERR_SOCKET";
      });
      callback(null, socket);
    });
  };
}
