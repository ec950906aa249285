import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { readInSlices } from "./slices.ts";

/** Requests that wait for their turn on all connections together, of about 2 kB each. */
const MAX_WAITING = 10_000;
/** While there are more, a connection may have this many. */
const LEAST_WAITING = 16;

/** A response of Node's server, which counts the bytes that wait for earlier responses. */
interface CountedResponse extends ServerResponse {
  /** Adds to the bytes that wait on the connection. Above its mark, Node reads no more of it. */
  readonly _onPendingData?: (bytes: number) => void;
}

/** The requests of a connection that wait for their turn. */
interface Line {
  waiting: number;
}

/**
 * Handles the requests of a connection one after the other: the next begins when the response before
 * it has ended. RFC 9112, section 9.3.2, demands it of requests that change something, and one
 * connection could otherwise keep the gateway busy with all that it can send.
 *
 * Reading pauses while a request waits, so that a client has few requests parsed ahead. Connections
 * that get around that by their first 64 KiB are cut while all together have too many.
 *
 * @param onFlood Called for each connection that is cut.
 * @param maxWaiting How many requests may wait on all connections together before any is cut.
 */
export function inTurn(
  handle: RequestListener,
  onFlood: () => void,
  maxWaiting: number = MAX_WAITING,
): RequestListener {
  const lines = new WeakMap<Socket, Line>();
  let waiting = 0;

  function lineOf(socket: Socket): Line {
    let line = lines.get(socket);
    if (line === undefined) {
      const made = (line = { waiting: 0 });
      lines.set(socket, made);
      socket.once("close", () => {
        waiting -= made.waiting;
        made.waiting = 0;
      });
      // Not at once: the parser that is to give the connection up is at work.
      process.nextTick(readInSlices, socket);
    }
    return line;
  }

  return (incoming: IncomingMessage, outgoing: CountedResponse) => {
    // Node gives a response its socket when the response before it has ended.
    if (outgoing.socket !== null) {
      handle(incoming, outgoing);
      return;
    }
    const { socket } = incoming;
    if (socket.destroyed) return;
    const line = lineOf(socket);
    if (waiting >= maxWaiting && line.waiting >= LEAST_WAITING) {
      onFlood();
      socket.destroy();
      return;
    }
    waiting++;
    line.waiting++;
    // Counts as more than may wait to be sent, so that Node pauses the connection.
    const weight = socket.writableHighWaterMark + 1;
    const { _onPendingData: countPending } = outgoing;
    countPending?.(weight);
    outgoing.once("socket", () => {
      waiting--;
      line.waiting--;
      countPending?.(-weight);
      handle(incoming, outgoing);
    });
  };
}
