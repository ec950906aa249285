import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream";
import type { Attribution, ConfigStore, Logger, RolloutPath } from "@edgezero/rollout";
import { createRolloutHandler } from "@edgezero/rollout";
import type { ForceRequest } from "@edgezero/rollout/force";
import type { ClientAddress } from "../client/client-address.ts";
import type { NodeClient } from "./gateway.ts";
import type { UpgradeResponse } from "../origin/upgrade.ts";
import { requestUpgrade } from "../origin/upgrade.ts";
import { pendingEvents } from "../process/pending-events.ts";

/** Settings of {@link routeUpgrades}. */
export interface UpgradeOptions {
  readonly configStore: ConfigStore;
  readonly logger: Logger;
  readonly clientAddress: ClientAddress;
  readonly origins: Readonly<Record<RolloutPath, URL>>;
  readonly timeoutMs: number;
  readonly attribution?: Attribution<ForceRequest, NodeClient, UpgradeResponse> | undefined;
}

/**
 * Routes upgrades, such as a WebSocket's, by the same rules as requests. The origin's answer, with
 * the path header, and the connection after it pass through as they are.
 */
export function routeUpgrades(server: Server, options: UpgradeOptions): void {
  const { configStore, logger, clientAddress, origins, attribution } = options;
  const handle = createRolloutHandler({
    configStore,
    logger,
    attribution,
    healthPath: false,
    legacy: async (_, { incoming }: NodeClient) =>
      requestUpgrade("legacy", origins.legacy, incoming, options),
    edgezero: async (_, { incoming }: NodeClient) =>
      requestUpgrade("edgezero", origins.edgezero, incoming, options),
  });

  async function route(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const request = toRequest(incoming);
    await pendingEvents();
    try {
      const client = { ip: clientAddress.of(incoming), incoming };
      send(await handle(request, client), socket, head);
    } catch (error) {
      logger.error("upgrade failed", { error: (error as Error).message });
      socket.destroy();
    }
  }

  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener, a client that resets the connection would end the process.
    socket.on("error", () => socket.destroy());
    void route(incoming, socket, head);
  });
}

/** What is attributed: a request that says, as a Web `Request` does, whether its client went away. */
function toRequest(incoming: IncomingMessage): ForceRequest & { readonly signal: object } {
  const { method = "GET", url = "/", headers, socket } = incoming;
  return {
    method,
    url,
    headers: { get: (name) => headers[name]?.toString() ?? null },
    signal: {
      // One that has only stopped sending has gone too, as long as there is no answer.
      get aborted() {
        return socket.destroyed || socket.readableEnded;
      },
    },
  };
}

function send(response: UpgradeResponse, socket: Duplex, head: Buffer): void {
  const { status, statusText, rawHeaders, connection, body } = response;
  const lines = [`HTTP/1.1 ${status} ${statusText}`];
  for (let i = 0; i < rawHeaders.length; i += 2)
    lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  if (connection === null) lines.push("connection: close");
  socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  if (connection !== null) {
    connection.write(head);
    join(socket, connection);
  } else if (body !== null) {
    pipeline(body, socket, () => socket.destroy());
  } else {
    socket.end(() => socket.destroy());
  }
}

/**
 * Passes on what either side sends, to the last byte, until one of them is gone. `pipeline` would
 * not do: when the origin has ended, it drops what is still on its way to the client.
 */
function join(client: Duplex, origin: Duplex): void {
  client.pipe(origin);
  origin.pipe(client);
  client.on("finish", () => client.destroy());
  client.on("close", () => origin.destroy());
  origin.on("close", () => {
    if (!origin.readableEnded) client.destroy();
  });
}
