import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { freePort } from "@edgezero/testbed/free-port";
import type { Upstream } from "@edgezero/testbed/upstream";
import { startUpstream } from "@edgezero/testbed/upstream";

/** Handles a request to change the protocol, on its connection. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex) => void;

/** One of the two origins behind a gateway. */
export interface Origin extends Upstream {
  readonly name: string;
  /** Handles requests to change the protocol; each test sets its own. */
  upgradeHandler: UpgradeListener;
}

/**
 * Starts an HTTP origin that answers with its name.
 *
 * @param address An address of this machine. The two origins have different ones, as they have
 * different hosts in production.
 */
export async function startOrigin(name: string, address: string): Promise<Origin> {
  const upstream = await startUpstream((_, response) => void response.end(`${name} origin`), {
    address,
    port: await freePort(),
  });
  const origin = Object.assign(upstream, {
    name,
    upgradeHandler: (_: IncomingMessage, socket: Duplex) => void socket.destroy(),
  });
  upstream.server.on("upgrade", (request, socket) => {
    socket.on("error", () => socket.destroy());
    origin.upgradeHandler(request, socket);
  });
  return origin;
}
