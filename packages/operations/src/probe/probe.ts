import type { IncomingMessage } from "node:http";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import type { RolloutPath } from "@edgezero/rollout";
import { PATH_HEADER } from "@edgezero/rollout";
import type { DecisionDetail } from "@edgezero/rollout/attribution";
import { DECISION_HEADER, parseDecision } from "@edgezero/rollout/attribution";
import { withDeadline } from "@edgezero/faults/deadline";
import { messageOf } from "@edgezero/faults/faults";
import { parsePath } from "./parse-path.ts";

const TIMEOUT_MS = 2000;

/** The result of one request to a gateway. Times are of `performance.now()`. */
export interface Sample {
  /** The client that the probe claimed to be. */
  readonly clientIp: string;
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly status: number | null;
  /** `null` where there was no response, or a response that is not a gateway's. */
  readonly path: RolloutPath | null;
  readonly detail: DecisionDetail | null;
  /** The gateway's own time, in milliseconds of the epoch, to the second; `null` where it names no time. */
  readonly date: number | null;
  /** Why there is no path; `null` where there is a path. */
  readonly fault: string | null;
}

/** The parts of a sample that come from the gateway. */
type Answer = Omit<Sample, "clientIp" | "sentAt" | "answeredAt">;

/**
 * Sends one request on a connection of its own, as a client with the address `clientIp`. The body is
 * not read. Gives up after 2 seconds, or when `signal` aborts. Never rejects.
 */
export async function probe(url: string, clientIp: string, signal?: AbortSignal): Promise<Sample> {
  const sentAt = performance.now();
  const answer = await withDeadline(
    TIMEOUT_MS,
    async (late) =>
      ask(url, clientIp, signal === undefined ? late : AbortSignal.any([signal, late])),
    `no response in ${TIMEOUT_MS} ms`,
  ).catch(noAnswer);
  return { clientIp, sentAt, answeredAt: performance.now(), ...answer };
}

async function ask(url: string, clientIp: string, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = send(url, {
      agent: false,
      headers: {
        "cache-control": "no-cache",
        connection: "close",
        "user-agent": "edgezero-rollout",
        "x-forwarded-for": clientIp,
      },
      signal,
    });
    request.on("error", reject);
    // A change of protocol, for one, is neither a response nor an error.
    request.on("close", () => reject(new Error("the connection was closed without a response")));
    request.on("response", (response) => {
      resolve(answerOf(response));
      response.destroy();
    });
    request.end();
  });
}

function answerOf({ statusCode = 0, headers }: IncomingMessage): Answer {
  const path = parsePath(single(headers[PATH_HEADER]));
  const date = Date.parse(headers.date ?? "");
  return {
    status: statusCode,
    path,
    detail: parseDecision(single(headers[DECISION_HEADER])),
    date: Number.isNaN(date) ? null : date,
    fault: path === null ? `the response has no ${PATH_HEADER} (status ${statusCode})` : null,
  };
}

function noAnswer(error: unknown): Answer {
  return { status: null, path: null, detail: null, date: null, fault: messageOf(error) };
}

function single(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(", ") : value;
}
