import type { Socket } from "node:net";
import type { Upstream } from "@edgezero/testbed/upstream";
import { startUpstream } from "@edgezero/testbed/upstream";

/** An origin that counts the connections that are open at a time. */
export interface CountingOrigin extends Upstream {
  /** The most connections at a time so far. */
  most: number;
}

/** Starts an origin that answers "ok" after so many milliseconds. */
export async function startCountingOrigin(takesMs: number): Promise<CountingOrigin> {
  const upstream = await startUpstream((_, response) => {
    setTimeout(() => response.end("ok"), takesMs);
  });
  let now = 0;
  const origin = Object.assign(upstream, { most: 0 });
  upstream.server.on("connection", (socket: Socket) => {
    origin.most = Math.max(origin.most, ++now);
    socket.on("close", () => now--);
  });
  return origin;
}
