import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { RolloutPath } from "@edgezero/rollout";
import { messageOf } from "@edgezero/faults/faults";
import type { DecisionDetail } from "./decision-header.ts";
import { DECISION_HEADER, parseDecision, parsePath, PATH_HEADER } from "./decision-header.ts";

const TIMEOUT_MS = 2000;

/** What one request to a gateway has shown. Times are of `performance.now()`. */
export interface Sample {
  /** The client that the probe claimed to be. */
  readonly clientIp: string;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly status: number | null;
  /** `null` when there was no response, or not one of a gateway. */
  readonly path: RolloutPath | null;
  readonly detail: DecisionDetail | null;
  /** When the gateway's clock said it was, in milliseconds of the epoch, to the second. */
  readonly date: number | null;
  /** Why there is no path. */
  readonly fault: string | null;
}

/**
 * Sends one request on a connection of its own, as a client with the address `clientIp`. Never
 * rejects; gives up after 2 seconds, or when `signal` says so. The body is not read.
 */
export async function probe(url: string, clientIp: string, signal?: AbortSignal): Promise<Sample> {
  const sentAt = performance.now();
  return new Promise((resolve) => {
    const end = (rest: Omit<Sample, "clientIp" | "sentAt" | "answeredAt">): void => {
      clearTimeout(timer);
      resolve({ clientIp, sentAt, answeredAt: performance.now(), ...rest });
    };
    const failed = (error: unknown): void =>
      end({ status: null, path: null, detail: null, date: null, fault: messageOf(error) });
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = send(url, {
      agent: false,
      headers: {
        "cache-control": "no-cache",
        connection: "close",
        "user-agent": "edgezero-rollout",
        "x-forwarded-for": clientIp,
      },
      ...(signal && { signal }),
    });
    // Of the whole exchange: a socket's own timeout would begin anew with every byte.
    const timer = setTimeout(
      () => request.destroy(new Error(`no response in ${TIMEOUT_MS} ms`)),
      TIMEOUT_MS,
    );
    request.on("error", failed);
    // Such as a change of protocol, which is neither a response nor an error.
    request.on("close", () => failed(new Error("the connection was closed without a response")));
    request.on("response", (response) => {
      const { statusCode = 0, headers } = response;
      const path = parsePath(single(headers[PATH_HEADER]));
      const fault =
        path === null ? `the response has no ${PATH_HEADER} (status ${statusCode})` : null;
      const detail = parseDecision(single(headers[DECISION_HEADER]));
      const date = Date.parse(headers.date ?? "");
      end({ status: statusCode, path, detail, date: Number.isNaN(date) ? null : date, fault });
      response.destroy();
    });
    request.end();
  });
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}
