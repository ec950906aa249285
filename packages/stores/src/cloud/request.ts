import { setTimeout as delay } from "node:timers/promises";
import { StoreError } from "../operator-store.ts";

/** How long one call of a store may take, retries and waiting included. */
export const LIMIT_MS = 9000;
const ATTEMPT_MS = 3000;
/** An attempt in less time says only that it had none, and hides why those before it failed. */
const SHORTEST_ATTEMPT_MS = 250;
const LONGEST_BACKOFF_MS = 1000;

/** Why an attempt did not give what was asked for. */
export class AttemptError extends Error {
  /** The HTTP status, or `null` where there was no whole, sensible answer. */
  readonly status: number | null;
  /** How long the vendor asks to wait, `null` where it does not say. */
  readonly askedMs: number | null;

  constructor(status: number | null, message: string, askedMs: number | null = null) {
    super(message);
    this.status = status;
    this.askedMs = askedMs;
  }
}

/** What messages say of a vendor's refusals. */
export interface Vendor {
  readonly name: string;
  /** What the token must be permitted, as the end of a sentence. */
  readonly permission: string;
  /** What a 404 means, as a sentence. */
  readonly missing: string;
  /** Never shown. */
  readonly token: string;
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
 * Sends an idempotent request until it succeeds, is refused for good, or the call's time is over.
 * What is retried: no whole answer, 408, 429 when the vendor's own waiting time fits, and 5xx.
 *
 * @param what What could not be done, for messages.
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
      const failure = toAttemptError(error);
      const { status, askedMs } = failure;
      isUncertain ||= status === null || status >= 500 || status === 408;
      const waitMs = Math.max(askedMs ?? 0, backoffMs(attempts));
      const isOver = performance.now() + waitMs > deadline - SHORTEST_ATTEMPT_MS;
      if (isOver || !isRetried(status)) {
        const text = `${what[isUncertain ? "uncertain" : "certain"]}: ${explain(vendor, failure, attempts)}`;
        throw new StoreError(printable(text.replaceAll(vendor.token, "***")));
      }
      await delay(waitMs);
    }
  }
}

async function attempt<T>(
  timeoutMs: number,
  send: (timeoutMs: number, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new AttemptError(null, `no whole answer in ${timeoutMs} ms`));
    controller.abort();
  }, timeoutMs);
  try {
    return await Promise.race([send(timeoutMs, controller.signal), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function isRetried(status: number | null): boolean {
  return status === null || status === 408 || status === 429 || status >= 500;
}

function explain(
  { name, permission, missing }: Vendor,
  failure: AttemptError,
  attempts: number,
): string {
  const { status, message, askedMs } = failure;
  const times = attempts === 1 ? "" : `, after ${attempts} attempts`;
  if (status === null) return `${message}${times}`;
  const answer = `${name} answered ${status}${message === "" ? "" : ` "${message}"`}${times}`;
  if (status === 401 || status === 403) return `${answer}. The token must be ${permission}`;
  if (status === 404) return `${answer}. ${missing}`;
  if (status !== 429) return answer;
  const when = askedMs === null ? "later" : `in ${Math.ceil(askedMs / 1000)} s`;
  return `${answer}. Its rate limit is reached; try again ${when}`;
}

function toAttemptError(error: unknown): AttemptError {
  return error instanceof AttemptError ? error : new AttemptError(null, String(error));
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

/** What a vendor says may go to a terminal. */
function printable(text: string): string {
  return text.replaceAll(/[^ -~]/gu, "?").slice(0, 500);
}
