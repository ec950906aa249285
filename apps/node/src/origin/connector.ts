import { buildConnector } from "undici";

/**
 * Connects to an origin, and names a connection that it resets as broken.
 *
 * undici takes `ECONNRESET` for the end of a body whose length nobody has said: its client would get
 * a part as the whole. RFC 9112, section 8, calls such a response incomplete.
 */
export function createOriginConnector(timeoutMs: number): buildConnector.connector {
  const connect = buildConnector({ timeout: timeoutMs, allowH2: false });
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      // Before undici's own listener, which goes by the code.
      socket.on("error", (reset: NodeJS.ErrnoException) => {
        if (reset.code === "ECONNRESET") reset.code = "UND_ERR_SOCKET";
      });
      callback(null, socket);
    });
  };
}
