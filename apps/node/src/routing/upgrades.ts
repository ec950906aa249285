import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { pipeline } from "node:stream";
import { messageOf } from "@edgezero/faults/faults";
import type { Attribution, ConfigStore, Logger, RolloutPath } from "@edgezero/rollout";
import { createRolloutHandler } from "@edgezero/rollout";
import type { ForceRequest } from "@edgezero/rollout/force";
import type { PathHeader } from "@edgezero/settings";
import type { ClientAddress } from "../client/address.ts";
import type { Origins } from "../origin/paths.ts";
import type { OriginsFaults } from "../origin/faults.ts";
import type { HeaderRules } from "../origin/request-headers.ts";
import type { OriginsTls } from "../origin/tls.ts";
import type { UpgradeAnswer } from "../origin/upgrade.ts";
import { requestUpgrade } from "../origin/upgrade.ts";
import { pendingEvents } from "../process/pending-events.ts";
import type { NodeClient } from "./client.ts";
import type { OpenConnections } from "./open-connections.ts";
import type { UpgradeCloser } from "./upgrade-closer.ts";

/** Options of {@link routeUpgrades}. */
export interface UpgradeOptions {
  readonly configStore: ConfigStore;
  readonly logger: Logger;
  readonly clientAddress: ClientAddress;
  readonly origins: Origins;
  readonly headerRules: HeaderRules;
  readonly faults: OriginsFaults;
  readonly tls: OriginsTls;
  /** How long an origin may take to connect and to answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly attribution?: Attribution<ForceRequest, NodeClient, UpgradeAnswer> | undefined;
  /** Which answers name their path. */
  readonly pathHeader: PathHeader;
  readonly open: OpenConnections;
  /** Takes all upgrades, to close them when the gateway stops. */
  readonly stopCloser: UpgradeCloser;
  /** Takes the upgrades that are open at EdgeZero; `undefined` where a rollback leaves them open. */
  readonly closer: UpgradeCloser | undefined;
}

/**
 * Routes upgrades, such as a WebSocket's, by the same rules as requests. The origin's answer, with
 * the path header, and the connection after it pass through unchanged.
 */
export function routeUpgrades(server: Server, options: UpgradeOptions): void {
  const { configStore, logger, clientAddress, origins, open, closer, stopCloser } = options;
  const { headerRules, timeoutMs, faults, tls } = options;
  const ask = { timeoutMs, headerRules };
  const handle = createRolloutHandler({
    configStore,
    logger,
    attribution: options.attribution,
    pathHeader: options.pathHeader,
    healthPath: false,
    legacy: requestFrom("legacy"),
    edgezero: requestFrom("edgezero"),
  });

  function requestFrom(path: RolloutPath) {
    return async (_: ForceRequest, { incoming }: NodeClient): Promise<UpgradeAnswer> => {
      open.addUpgrade(path, incoming.socket);
      const own = { ...ask, faults: faults[path], tls: tls[path] };
      return requestUpgrade(path, origins[path], incoming, own);
    };
  }

  async function route(incoming: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const request = toRequest(incoming);
    await pendingEvents();
    try {
      const client = { ip: clientAddress.of(incoming), incoming };
      const answer = await handle(request, client);
      send(answer, socket, head);
      follow(answer, incoming, stopCloser, closer);
    } catch (fault) {
      logger.error("upgrade failed", { error: messageOf(fault) });
      socket.destroy();
    }
  }

  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Without a listener, a client that resets the connection would end the process.
    socket.on("error", () => socket.destroy());
    void route(incoming, socket, head);
  });
}

/** Hands on an upgrade that its origin has agreed to. */
function follow(
  { body }: UpgradeAnswer,
  { headers, socket: client }: IncomingMessage,
  stopCloser: UpgradeCloser,
  edgezeroCloser: UpgradeCloser | undefined,
): void {
  if (body?.kind !== "connection") return;
  const isWebSocket = headers.upgrade?.toLowerCase() === "websocket";
  const upgrade = { client, origin: body.connection, isWebSocket };
  stopCloser(upgrade);
  if (body.path === "edgezero") edgezeroCloser?.(upgrade);
}

/** The request for attribution: like a Web `Request`, it tells whether its client went away. */
function toRequest(incoming: IncomingMessage): ForceRequest & { readonly signal: object } {
  const { method = "GET", url = "/", headers, socket } = incoming;
  return {
    method,
    url,
    headers: { get: (name) => headers[name]?.toString() ?? null },
    signal: {
      // Before the answer, a client that has only stopped sending counts as gone too.
      get aborted() {
        return socket.destroyed || socket.readableEnded;
      },
    },
  };
}

function send(answer: UpgradeAnswer, socket: Duplex, head: Buffer): void {
  const { status, statusText, rawHeaders, body } = answer;
  const lines = [`HTTP/1.1 ${status} ${statusText}`];
  for (let i = 0; i < rawHeaders.length; i += 2)
    lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  if (body?.kind !== "connection") lines.push("connection: close");
  socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  if (body === null) {
    socket.end(() => socket.destroy());
  } else if (body.kind === "stream") {
    pipeline(body.stream, socket, () => socket.destroy());
  } else {
    body.connection.write(head);
    join(socket, body.connection);
  }
}

/**
 * Passes on the bytes of each side, to the last one, until one side is gone. `pipeline` would not do:
 * when the origin has ended, it drops the bytes that are still on their way to the client.
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
