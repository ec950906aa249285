import { withDeadline } from "@edgezero/faults/deadline";
import { errorCode, messageOf } from "@edgezero/faults/faults";
import { retryAfterMs } from "@edgezero/evidence/retry-after";
import type { Dispatcher } from "undici";
import { request } from "undici";
import type { Attempt } from "./outbox.ts";
import { AddressError, checkHost } from "./public-address.ts";

/** How long a receiver may take to answer. */
export const ANSWER_MS = 10_000;

/** One message to one URL. */
export interface Posting {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly allowPrivate: boolean;
  readonly dispatcher: Dispatcher;
  readonly limitMs: number;
  /** Milliseconds of the epoch. */
  readonly now: number;
  readonly stop: AbortSignal;
}

/**
 * Sends a message once, and follows no redirect. Any status of 200 to 299 is a delivery: what the body says
 * is not read. Never rejects.
 */
export async function post(posting: Posting): Promise<Attempt> {
  const { url, headers, body, allowPrivate, dispatcher, limitMs, now, stop } = posting;
  try {
    checkHost(url, allowPrivate);
    const { status, retryAfter } = await withDeadline(limitMs, async (late) => {
      const signal = AbortSignal.any([late, stop]);
      const answer = await request(url, { method: "POST", headers, body, dispatcher, signal });
      answer.body.on("error", () => {}).destroy();
      const asked = answer.headers["retry-after"];
      return { status: answer.statusCode, retryAfter: Array.isArray(asked) ? asked[0] : asked };
    });
    if (status >= 200 && status < 300) return { kind: "delivered" };
    const why = `the status is ${status}${status < 400 ? ", and redirects are not followed" : ""}`;
    const pauseMs = retryAfter === undefined ? null : retryAfterMs(retryAfter, now);
    return { kind: "failed", why, pauseMs, isFinal: status === 410 };
  } catch (error) {
    return { kind: "failed", why: causeOf(error), pauseMs: null, isFinal: false };
  }
}

function causeOf(error: unknown): string {
  if (error instanceof AddressError) return error.message;
  return errorCode(error) || messageOf(error);
}
