import type { IncomingMessage, Server } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream";
import type { ConfigStore, Logger, RequestLike, RolloutPath } from "@edgezero/rollout";
import { createRolloutHandler } from "@edgezero/rollout";
import type { ClientAddress } from "./client-address.ts";
import { endToEndHeaders, forwardedHeaders } from "./forwarded-headers.ts";
import type { NodeClient } from "./gateway.ts";
import { pendingEvents } from "./pending-events.ts";
import { UpstreamResponse } from "./upstream-response.ts";

/** Settings of {@link routeUpgrades}. */
export interface UpgradeOptions {
  readonly configStore: ConfigStore;
  readonly logger: Logger;
  readonly clientAddress: ClientAddress;
  readonly origins: Readonly<Record<RolloutPath, URL>>;
  readonly timeoutMs: number;
}

/** An origin's answer to an upgrade. Where it agreed, its body is the connection, both ways. */
class UpgradeResponse extends UpstreamResponse {
  readonly connection: Duplex | null;

  constructor(answer: IncomingMessage, rawHeaders: string[], connection: Duplex | null) {
    super(answer.statusCode ?? 502, answer.statusMessage ?? "", rawHeaders, connection ?? answer);
    this.connection = connection;
  }
}

/**
 * Routes upgrades, such as a WebSocket's, by the same rules as requests. The origin's answer, with
 * the path header, and the connection after it pass through as they are.
 */
export function routeUpgrades(server: Server, options: UpgradeOptions): void {
  const { configStore, logger, clientAddress, origins } = options;
  const handle = createRolloutHandler({
    configStore,
    logger,
    healthPath: false,
    legacy: async (_, { incoming }: NodeClient) => upgradeAt(origins.legacy, incoming, options),
    edgezero: async (_, { incoming }: NodeClient) => upgradeAt(origins.edgezero, incoming, options),
  });

  async function route(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const request: RequestLike = { method: incoming.method ?? "GET", url: incoming.url ?? "/" };
    await pendingEvents();
    try {
      const client = { ip: clientAddress.of(incoming), incoming };
      send(await handle(request, client), socket, head);
    } catch (error) {
      logger.debug("origin failed to upgrade", { error: (error as Error).message });
      socket.end("HTTP/1.1 502 Bad Gateway\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
    }
  }

  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener, a client that resets the connection would end the process.
    socket.on("error", () => socket.destroy());
    void route(incoming, socket, head);
  });
}

function send(response: UpgradeResponse, socket: Duplex, head: Buffer): void {
  const { status, statusText, rawHeaders, connection, body } = response;
  const lines = [`HTTP/1.1 ${status} ${statusText}`];
  for (let i = 0; i < rawHeaders.length; i += 2) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  if (connection === null) lines.push("connection: close");
  socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  if (connection !== null) {
    connection.write(head);
    pipeline(socket, connection, () => connection.destroy());
  }
  if (body !== null) pipeline(body, socket, () => socket.destroy());
}

function upgradeAt(
  origin: URL,
  incoming: IncomingMessage,
  { clientAddress, timeoutMs }: UpgradeOptions,
): Promise<UpgradeResponse> {
  return new Promise((resolve, reject) => {
    const headers = [
      ...forwardedHeaders(incoming, clientAddress.isTrusted),
      ...["host", origin.host, "connection", "upgrade"],
      ...["upgrade", incoming.headers.upgrade ?? ""],
    ];
    const send = origin.protocol === "https:" ? httpsRequest : httpRequest;
    // The path goes in on its own: resolved against the origin, `//host/` would leave it.
    const request = send(origin, {
      method: incoming.method,
      path: incoming.url,
      headers,
      timeout: timeoutMs,
    });
    request.on("upgrade", (answer, connection, head) => {
      connection.setTimeout(0);
      if (head.length > 0) connection.unshift(head);
      connection.on("error", () => connection.destroy());
      resolve(new UpgradeResponse(answer, answer.rawHeaders, connection));
    });
    request.on("response", (answer) => {
      resolve(new UpgradeResponse(answer, endToEndHeaders(answer.rawHeaders), null));
    });
    request.on("timeout", () => request.destroy(new Error("the origin took too long")));
    request.on("error", reject);
    incoming.socket.once("close", () => request.destroy());
    request.end();
  });
}
