import { once } from "node:events";
import type { IncomingMessage, RequestListener } from "node:http";
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { freePort } from "./free-port.ts";

/** Gets a request to change the protocol, and its connection. */
export type UpgradeListener = (request: IncomingMessage, socket: Duplex) => void;

/** An origin under a test's control. */
export interface Origin {
  readonly name: string;
  readonly url: string;
  /** What it answers; each test sets its own. */
  handler: RequestListener;
  /** What it does with a request to change the protocol; each test sets its own. */
  upgradeHandler: UpgradeListener;
  /** Refuses connections while `action` runs. */
  whileDown(action: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts an HTTP origin that answers with its name.
 *
 * @param address An address of this machine. The two origins have different ones, as they have
 * different hosts in production.
 */
export async function startOrigin(name: string, address: string): Promise<Origin> {
  const greet: RequestListener = (_, response) => void response.end(`${name} origin`);
  const server = createServer((request, response) => origin.handler(request, response));
  server.on("upgrade", (request, socket) => {
    upgraded.add(socket.on("error", () => socket.destroy()));
    origin.upgradeHandler(request, socket);
  });
  const upgraded = new Set<Duplex>();
  const port = await freePort();

  async function listen(): Promise<void> {
    server.listen(port, address);
    await once(server, "listening");
  }

  async function close(): Promise<void> {
    const closed = once(server, "close");
    server.close();
    server.closeAllConnections();
    for (const socket of upgraded) socket.destroy();
    await closed;
  }

  const origin: Origin = {
    name,
    url: `http://${address}:${port}`,
    handler: greet,
    upgradeHandler: (_, socket) => void socket.destroy(),
    async whileDown(action) {
      await close();
      try {
        await action();
      } finally {
        await listen();
      }
    },
    close,
  };
  await listen();
  return origin;
}
