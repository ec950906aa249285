import type { IncomingMessage } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex, Readable } from "node:stream";
import type { Logger, RolloutPath } from "@edgezero/rollout";
import type { ClientAddress } from "../client/client-address.ts";
import { endToEndHeaders, forwardedHeaders, hasBody, upgradeHeaders } from "./forwarded-headers.ts";
import { requestTarget } from "./request-target.ts";
import { UpstreamResponse } from "./upstream-response.ts";

/** Settings of {@link requestUpgrade}. */
export interface OriginUpgradeOptions {
  readonly clientAddress: ClientAddress;
  readonly logger: Logger;
  /** How long the origin may take to connect and to answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** An origin's answer to an upgrade. Where it agreed, its body is the connection, both ways. */
export class UpgradeResponse extends UpstreamResponse<Readable | null> {
  readonly connection: Duplex | null;

  constructor(
    status: number,
    statusText: string,
    rawHeaders: string[],
    body: Readable | null,
    connection: Duplex | null,
  ) {
    super(status, statusText, rawHeaders, body);
    this.connection = connection;
  }
}

/**
 * Whether a request asks to leave HTTP/1.1 for another protocol, such as WebSocket. One with a body
 * stays a request, and so does one for HTTP/2 in the clear, which clients ask for by the way.
 */
export function asksForUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() !== "h2c" && !hasBody(headers);
}

/**
 * Asks an origin to upgrade. Never rejects: an origin that refuses the connection or breaks is a
 * 502, one that is too slow a 504. When the client goes away, the origin's request is aborted.
 */
export function requestUpgrade(
  path: RolloutPath,
  origin: URL,
  incoming: IncomingMessage,
  { clientAddress, logger, timeoutMs }: OriginUpgradeOptions,
): Promise<UpgradeResponse> {
  return new Promise((resolve) => {
    const { upgrade = "" } = incoming.headers;
    const ownHeaders = ["host", origin.host, "connection", "upgrade", "upgrade", upgrade];
    const send = origin.protocol === "https:" ? httpsRequest : httpRequest;
    // The path goes in on its own: resolved against the origin, `//host/` would leave it.
    const request = send(origin, {
      method: incoming.method,
      path: requestTarget(incoming),
      headers: [...forwardedHeaders(incoming, clientAddress.isTrusted), ...ownHeaders],
      timeout: timeoutMs,
    });
    const abort = (): void => void request.destroy();

    request.on(
      "upgrade",
      ({ statusCode = 101, statusMessage = "", rawHeaders }, connection, head) => {
        // From now on a client may stop sending and still receive.
        incoming.socket.off("end", abort);
        connection.setTimeout(0);
        connection.on("error", () => connection.destroy());
        if (head.length > 0) connection.unshift(head);
        const headers = upgradeHeaders(rawHeaders);
        resolve(new UpgradeResponse(statusCode, statusMessage, headers, connection, connection));
      },
    );
    request.on("response", (answer) => {
      const { statusCode = 502, statusMessage = "" } = answer;
      const headers = endToEndHeaders(answer.rawHeaders);
      resolve(new UpgradeResponse(statusCode, statusMessage, headers, answer, null));
    });
    request.on("timeout", () => {
      resolve(failure(504, "Gateway Timeout"));
      abort();
    });
    request.on("error", (error) => {
      logger.debug("origin failed to upgrade", { path, error: error.message });
      resolve(failure(502, "Bad Gateway"));
    });
    incoming.socket.once("end", abort).once("close", abort);
    request.end();
  });
}

function failure(status: number, statusText: string): UpgradeResponse {
  return new UpgradeResponse(status, statusText, ["content-length", "0"], null, null);
}
