import type { IncomingMessage, ServerResponse } from "node:http";

/** How long what a client still sends after its answer is read, in milliseconds. nginx has 30 s too. */
const LEFTOVER_MS = 30_000;

/**
 * Watches the body of a request: a client that is silent in the middle of it, while the gateway would
 * read on, is cut off after `limitMs` milliseconds. A body may take any time while its bytes come.
 *
 * Where the answer is there before the end of the body, the rest is read and dropped for a while. To
 * close at once would reset the connection, and the client could lose the answer.
 */
export function watchBody(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  limitMs: number,
): void {
  const { socket } = incoming;
  let leftover: NodeJS.Timeout | undefined;

  incoming.setTimeout(limitMs, () => {
    // While the origin is slower than the client, the origin has its own limit.
    if (incoming.isPaused()) socket.setTimeout(limitMs);
    else socket.destroy();
  });
  incoming.once("end", () => void socket.setTimeout(0));
  incoming.once("close", () => clearTimeout(leftover));
  outgoing.once("finish", () => {
    if (incoming.complete || incoming.destroyed) return;
    incoming.unpipe();
    incoming.resume();
    leftover = setTimeout(() => socket.destroySoon(), LEFTOVER_MS).unref();
  });
}
