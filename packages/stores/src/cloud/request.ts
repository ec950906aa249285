import { setTimeout as delay } from "node:timers/promises";
import { DeadlineError, withDeadline } from "@edgezero/faults/deadline";
import { StoreError } from "../operator-store.ts";
import type { OnPause } from "../store-kind.ts";

/** How long one call of a store may take, retries and waiting included. */
export const LIMIT_MS = 9000;
const ATTEMPT_MS = 3000;
/** A shorter attempt only fails for want of time, and hides why earlier attempts failed. */
const SHORTEST_ATTEMPT_MS = 250;
const LONGEST_BACKOFF_MS = 1000;

/** Thrown where an attempt did not succeed. */
export class AttemptError extends Error {
  /** The HTTP status, or `null` where there was no whole, sensible answer. */
  readonly status: number | null;
  /** The time that the vendor asks to wait, in milliseconds; `null` where it does not say. */
  readonly askedMs: number | null;

  constructor(status: number | null, message: string, askedMs: number | null = null) {
    super(message);
    this.status = status;
    this.askedMs = askedMs;
  }
}

/** The words of a vendor's refusals, for messages. */
export interface Vendor {
  readonly name: string;
  /** The rights that the token must have, as the end of a sentence. */
  readonly permission: string;
  /** The meaning of a 404, as a sentence. */
  readonly missing: string;
  /** How requests go, as the end of a sentence; empty where they go directly. */
  readonly through: string;
  /** Never shown. */
  readonly token: string;
  /** Is told each pause. */
  readonly onPause?: OnPause | undefined;
}

/** One call of a store's method. All its requests share one time limit. */
export interface Call {
  /** When to give up, by `performance.now()`. */
  readonly deadline: number;
}

/** Starts a call now. */
export function startCall(): Call {
  return { deadline: performance.now() + LIMIT_MS };
}

/**
 * Sends an idempotent request until it succeeds, is refused for good, or the call's time is over. It
 * tries again after an answer that is not whole, 408, 5xx, and 429 where the vendor's own waiting time
 * fits.
 *
 * @param what The action that failed, for messages.
 * @param send Rejects with an {@link AttemptError}; should give up when `signal` aborts.
 * @throws StoreError
 */
export async function request<T>(
  vendor: Vendor,
  what: Readonly<Record<"certain" | "uncertain", string>>,
  { deadline }: Call,
  send: (timeoutMs: number, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  // Once an attempt may have had its effect, no later refusal takes that back.
  let isUncertain = false;
  for (let attempts = 1; ; attempts++) {
    const timeoutMs = Math.max(1, Math.min(ATTEMPT_MS, Math.ceil(deadline - performance.now())));
    try {
      return await attempt(timeoutMs, send);
    } catch (error) {
      const fault = toAttemptError(error);
      const { status, askedMs } = fault;
      isUncertain ||= status === null || status >= 500 || status === 408;
      const waitMs = Math.max(askedMs ?? 0, backoffMs(attempts));
      const isOver = performance.now() + waitMs > deadline - SHORTEST_ATTEMPT_MS;
      if (isOver || !isRetried(status)) {
        const text = `${what[isUncertain ? "uncertain" : "certain"]}: ${explain(vendor, fault, attempts)}`;
        throw new StoreError(shownText(vendor, text));
      }
      const elapsedMs = LIMIT_MS - (deadline - performance.now());
      const why = shownText(vendor, explain(vendor, fault, attempts));
      vendor.onPause?.({ fault: why, waitMs, elapsedMs });
      await delay(waitMs);
    }
  }
}

async function attempt<T>(
  timeoutMs: number,
  send: (timeoutMs: number, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const sending = async (signal: AbortSignal): Promise<T> => send(timeoutMs, signal);
  return withDeadline(timeoutMs, sending, `no whole answer in ${timeoutMs} ms`);
}

function isRetried(status: number | null): boolean {
  return status === null || status === 408 || status === 429 || status >= 500;
}

function explain(
  { name, permission, missing, through }: Vendor,
  fault: AttemptError,
  attempts: number,
): string {
  const { status, message, askedMs } = fault;
  const times = attempts === 1 ? "" : `, after ${attempts} attempts`;
  if (status === null) return `${message}${through}${times}`;
  const answer = `${name} answered ${status}${message === "" ? "" : ` "${message}"`}${times}`;
  if (status === 401 || status === 403) return `${answer}. The token must be ${permission}`;
  if (status === 404) return `${answer}. ${missing}`;
  if (status !== 429) return answer;
  const when = askedMs === null ? "later" : `in ${Math.ceil(askedMs / 1000)} s`;
  return `${answer}. Its rate limit is reached; try again ${when}`;
}

function toAttemptError(error: unknown): AttemptError {
  if (error instanceof AttemptError) return error;
  return new AttemptError(null, error instanceof DeadlineError ? error.message : String(error));
}

/** The time that `Retry-After` names, in seconds or as a date; `null` where it names none. */
export function retryAfterMs(header: string | null | undefined): number | null {
  if (header === null || header === undefined || header === "") return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? null : Math.max(0, ms);
}

function backoffMs(attempts: number): number {
  return Math.min(100 * 2 ** (attempts - 1), LONGEST_BACKOFF_MS) * (0.75 + Math.random() / 2);
}

/** A vendor's text, fit for a terminal, without the token. */
function shownText({ token }: Vendor, text: string): string {
  return text
    .replaceAll(token, "***")
    .replaceAll(/[^ -~]/gu, "?")
    .slice(0, 500);
}
