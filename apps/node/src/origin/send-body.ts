import type { Outgoing } from "./handler.ts";

/** Node writes a text of up to this many bytes, headers included, without another allocation. */
const MAX_BODY_AS_TEXT = 15 * 1024;

/** Sends a body that is there as a whole, together with headers that are written but not yet sent. */
export function sendWhole(outgoing: Outgoing, chunks: readonly Buffer[]): void {
  const [first, second] = chunks;
  if (first && !second && first.length <= MAX_BODY_AS_TEXT) {
    // As text, byte for byte, it goes out in one piece with the headers: `writev` costs a tenth more.
    outgoing.end(first.toString("latin1"), "latin1");
    return;
  }
  startTogether(outgoing);
  for (const chunk of chunks) outgoing.write(chunk);
  outgoing.end();
}

/**
 * Corks the socket and starts the response, so that the headers and all chunks that are there go out
 * in one write: each write is a system call. The caller uncorks the socket, or ends the response. The
 * response's own `cork` would not do: that of Node 22 and 24 sends a chunked body after its end.
 */
export function startTogether(outgoing: Outgoing): void {
  outgoing.socket?.cork();
  // `flushHeaders` would write the headers as UTF-8, which changes every byte that is not ASCII.
  outgoing.write("", "latin1");
}
