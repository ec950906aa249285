import type { Socket } from "node:net";

type Written = (fault?: Error | null) => void;

/** The codes of a connection that its other end has closed. */
const CLOSED: ReadonlySet<string | undefined> = new Set(["EPIPE", "ECONNRESET"]);

/**
 * Reads what lies in a connection before a failed write ends it.
 *
 * An origin that refuses an upload answers and closes while bytes still come. The next write fails,
 * and Node drops the connection with the answer in it, unread. A write that fails so is left
 * unfinished instead: nothing more is written, and the end of what can be read ends the connection.
 */
export function readBeforeGivingUp(socket: Socket): void {
  for (const method of ["_write", "_writev"] as const) {
    const write = socket[method];
    // The callback is the last argument of both.
    const careful = (...given: unknown[]): void => {
      const written = unlessClosed(socket, given.pop() as Written);
      if (write !== undefined) Reflect.apply(write, socket, [...given, written]);
    };
    Object.assign(socket, { [method]: careful });
  }
}

/** Calls back but where the other end has closed, and may have said something before. */
function unlessClosed(socket: Socket, written: Written): Written {
  return (fault) => {
    const { code } = (fault ?? {}) as NodeJS.ErrnoException;
    if (socket.destroyed || socket.readableEnded || !CLOSED.has(code)) written(fault);
  };
}
