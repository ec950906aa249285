import type { IncomingMessage } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Duplex, Readable } from "node:stream";
import { isLoop, translateRawHeaders } from "@edgezero/gateway";
import type { RolloutPath } from "@edgezero/rollout";
import type { OriginFaults } from "./faults.ts";
import { endToEndHeaders, hasBody, upgradeHeaders } from "./headers.ts";
import type { HeaderRules } from "./request-headers.ts";
import { originHeaders } from "./request-headers.ts";
import { OriginResponse } from "./response.ts";
import { requestTarget } from "./target.ts";
import type { OriginTls } from "./tls.ts";
import { VIA_NAME } from "./via.ts";

/** Options of {@link requestUpgrade}. */
export interface OriginUpgradeOptions {
  /** How long the origin may take to connect and to answer, in milliseconds. */
  readonly timeoutMs: number;
  readonly headerRules: HeaderRules;
  readonly tls: OriginTls;
  readonly faults: OriginFaults;
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
 * with a body stays HTTP, and so does one for HTTP/2 in the clear, among others or alone: it is only an
 * offer, and the client would speak to the origin past the gateway.
 */
export function asksForUpgrade({ headers }: IncomingMessage): boolean {
  return !/h2c/i.test(headers.upgrade ?? "") && !hasBody(headers);
}

/**
 * Asks an origin to upgrade. Never rejects: an origin that refuses the connection or breaks is a
 * 502, one that is too slow a 504. When the client goes away, the request to the origin is aborted,
 * which is no fault of the origin.
 */
export function requestUpgrade(
  path: RolloutPath,
  origin: URL,
  incoming: IncomingMessage,
  { timeoutMs, headerRules, tls, faults }: OriginUpgradeOptions,
): Promise<UpgradeAnswer> {
  if (isLoop(incoming.headers.via, VIA_NAME)) {
    faults.looped(incoming);
    return Promise.resolve(refusal(508, "Loop Detected"));
  }
  return new Promise((resolve) => {
    const { upgrade = "" } = incoming.headers;
    const { headers, servername, names } = originHeaders(incoming, origin, headerRules);
    headers.push("connection", "upgrade", "upgrade", upgrade);
    const send = origin.protocol === "https:" ? httpsRequest : httpRequest;
    // The path is passed apart from the URL: resolved against the origin, `//host/` would leave it.
    const request = send(origin, {
      ...(servername !== undefined && { servername }),
      ...tls,
      method: incoming.method,
      path: requestTarget(incoming),
      headers,
      timeout: timeoutMs,
    });
    let isSettled = false;
    const abort = (): void => {
      isSettled = true;
      request.destroy();
    };
    const fail = (fault: unknown): void => {
      // After the client has gone, or the time was up, the request fails because it was aborted.
      const kind = isSettled ? null : faults.failed(incoming, fault);
      isSettled = true;
      resolve(kind === "timeout" ? refusal(504, "Gateway Timeout") : refusal(502, "Bad Gateway"));
    };
    const answer = (response: UpgradeAnswer): void => {
      isSettled = true;
      if (names !== null) translateRawHeaders(response.rawHeaders, names);
      resolve(response);
    };

    request.on(
      "upgrade",
      ({ statusCode = 101, statusMessage = "", rawHeaders }, connection, head) => {
        // From now on a client may stop sending and still receive.
        incoming.socket.off("end", abort);
        connection.setTimeout(0);
        connection.on("error", () => connection.destroy());
        if (head.length > 0) connection.unshift(head);
        const body = { kind: "connection", connection, path } as const;
        answer(new OriginResponse(statusCode, statusMessage, upgradeHeaders(rawHeaders), body));
      },
    );
    request.on("response", (stream) => {
      const { statusCode = 502, statusMessage = "", rawHeaders } = stream;
      const body = { kind: "stream", stream } as const;
      answer(new OriginResponse(statusCode, statusMessage, endToEndHeaders(rawHeaders), body));
    });
    request.on("timeout", () => {
      fail(new SilentOriginError(timeoutMs));
      abort();
    });
    request.on("error", fail);
    incoming.socket.once("end", abort).once("close", abort);
    request.end();
  });
}

/** The fault of an origin that neither connects nor answers in time. */
class SilentOriginError extends Error {
  readonly code = "ETIMEDOUT";

  constructor(timeoutMs: number) {
    super(`the origin did not answer in ${timeoutMs} ms`);
  }
}

function refusal(status: number, statusText: string): UpgradeAnswer {
  return new OriginResponse(status, statusText, ["content-length", "0"], null);
}
