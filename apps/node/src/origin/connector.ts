import { buildConnector } from "undici";
import { readBeforeGivingUp } from "./early-answer.ts";
import type { OriginTls } from "./tls.ts";

/**
 * Connects to an origin, and reports a connection that the origin resets as broken.
 *
 * Where a response gives no length, undici takes `ECONNRESET` for the end of its body: the client
 * would get a part as the whole. RFC 9112, section 8, calls such a response incomplete.
 */
export function createOriginConnector(
  timeoutMs: number,
  tls: OriginTls = {},
): buildConnector.connector {
  const connect = buildConnector({ ...tls, timeout: timeoutMs, allowH2: false });
  const { servername } = tls;
  return (options, callback) => {
    // undici asks for the host of the URL, unless told otherwise for each connection.
    const named = servername === undefined ? options : { ...options, servername };
    connect(named, (error, socket) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      // Runs before undici's own listener, which decides by the code.
      socket.on("error", (reset: NodeJS.ErrnoException) => {
        if (reset.code === "ECONNRESET") reset.code = "UND_ERR_SOCKET";
      });
      readBeforeGivingUp(socket);
      callback(null, socket);
    });
  };
}
