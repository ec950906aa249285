import type { IncomingMessage } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex, Readable } from "node:stream";
import type { Logger, RolloutPath } from "@edgezero/rollout";
import { endToEndHeaders, forwardedHeaders, hasBody, upgradeHeaders } from "./headers.ts";
import { OriginResponse } from "./response.ts";
import { requestTarget } from "./target.ts";

/** Options of {@link requestUpgrade}. */
export interface OriginUpgradeOptions {
  /** How long the origin may take to connect and to answer, in milliseconds. */
  readonly timeoutMs: number;
  /** Tells whether the peer on the socket is a trusted proxy. */
  readonly isTrusted: (peer: string) => boolean;
  readonly logger: Logger;
}

/** The part of an answer to an upgrade that follows its headers. */
export type UpgradeBody =
  /** The origin agreed: the connection goes both ways. */
  | { readonly kind: "connection"; readonly connection: Duplex; readonly path: RolloutPath }
  /** The origin refused, with a body. */
  | { readonly kind: "stream"; readonly stream: Readable };

/** An answer to an upgrade; its body is `null` where the gateway itself refuses. */
export type UpgradeAnswer = OriginResponse<UpgradeBody | null>;

/**
 * Tells whether a request asks to leave HTTP/1.1 for another protocol, such as WebSocket. A request
 * with a body stays HTTP, and so does one for HTTP/2 in the clear, which is only an offer.
 */
export function asksForUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() !== "h2c" && !hasBody(headers);
}

/**
 * Asks an origin to upgrade. Never rejects: an origin that refuses the connection or breaks is a
 * 502, one that is too slow a 504. When the client goes away, the request to the origin is aborted.
 */
export function requestUpgrade(
  path: RolloutPath,
  origin: URL,
  incoming: IncomingMessage,
  { timeoutMs, isTrusted, logger }: OriginUpgradeOptions,
): Promise<UpgradeAnswer> {
  return new Promise((resolve) => {
    const { upgrade = "" } = incoming.headers;
    const ownHeaders = ["host", origin.host, "connection", "upgrade", "upgrade", upgrade];
    const send = origin.protocol === "https:" ? httpsRequest : httpRequest;
    // The path is passed apart from the URL: resolved against the origin, `//host/` would leave it.
    const request = send(origin, {
      method: incoming.method,
      path: requestTarget(incoming),
      headers: [...forwardedHeaders(incoming, isTrusted), ...ownHeaders],
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
        const body = { kind: "connection", connection, path } as const;
        resolve(new OriginResponse(statusCode, statusMessage, upgradeHeaders(rawHeaders), body));
      },
    );
    request.on("response", (stream) => {
      const { statusCode = 502, statusMessage = "", rawHeaders } = stream;
      const body = { kind: "stream", stream } as const;
      resolve(new OriginResponse(statusCode, statusMessage, endToEndHeaders(rawHeaders), body));
    });
    request.on("timeout", () => {
      resolve(refusal(504, "Gateway Timeout"));
      abort();
    });
    request.on("error", (fault) => {
      logger.debug("origin failed to upgrade", { path, error: fault.message });
      resolve(refusal(502, "Bad Gateway"));
    });
    incoming.socket.once("end", abort).once("close", abort);
    request.end();
  });
}

function refusal(status: number, statusText: string): UpgradeAnswer {
  return new OriginResponse(status, statusText, ["content-length", "0"], null);
}
