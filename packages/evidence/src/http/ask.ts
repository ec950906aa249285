import { errorCode } from "@edgezero/faults/faults";
import { DeadlineError, withDeadline } from "@edgezero/faults/deadline";
import type { Dispatcher } from "undici";
import { request } from "undici";
import type { Missing } from "../source.ts";
import { missing } from "../source.ts";
import type { Advice } from "./advice.ts";
import { faultText } from "./fault-text.ts";
import { retryAfterMs } from "./retry-after.ts";

/** A question over HTTP. */
export interface Question {
  readonly url: string;
  readonly method?: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Media types of which the answer must have one. */
  readonly types: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly dispatcher: Dispatcher;
  readonly advice: Advice;
}

/** An answer with the status 200 and a media type that was asked for. */
export interface Answer {
  readonly kind: "answer";
  readonly text: string;
  /** How far the server's clock is ahead of this one, in milliseconds; `null` where it is not shown. */
  readonly aheadMs: number | null;
}

/** The most bytes of an answer that are read. */
export const MOST_BYTES: number = 16 * 1024 * 1024;

/** Asks once, and follows no redirect. Never rejects. */
export async function ask(question: Question): Promise<Answer | Missing> {
  const { timeoutMs, signal } = question;
  try {
    return await withDeadline(timeoutMs, async (late) =>
      answered(question, AbortSignal.any([signal, late])),
    );
  } catch (fault) {
    if (signal.aborted) return missing("timed-out", "the question was ended early");
    if (fault instanceof DeadlineError) return missing("timed-out", fault.message);
    return missing("unreachable", advised(faultText(fault), question.advice[errorCode(fault)]));
  }
}

async function answered(question: Question, signal: AbortSignal): Promise<Answer | Missing> {
  const { url, method = "GET", headers, body, types, dispatcher } = question;
  const response = await request(url, {
    method,
    headers: { accept: types.join(", "), ...headers },
    ...(body === undefined ? {} : { body }),
    dispatcher,
    signal,
  });
  const { statusCode, headers: got } = response;
  const refusal =
    statusCode === 200 ? null : refused(question, statusCode, one(got["retry-after"]));
  const type = one(got["content-type"]).split(";")[0]?.trim().toLowerCase() ?? "";
  const isType = types.some((wanted) => wanted.split(";")[0] === type);
  if (refusal !== null || !isType) {
    // The rest is not wanted, and a connection that still has it cannot be used again.
    response.body.on("error", () => {}).destroy();
    const said = `the content type is ${type || "not given"}`;
    return refusal ?? missing("not-understood", advised(said, question.advice["type"]));
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) return missing("too-large", `more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  const date = Date.parse(one(got["date"]));
  return {
    kind: "answer",
    text: Buffer.concat(chunks).toString("utf8"),
    aheadMs: Number.isNaN(date) ? null : date - Date.now(),
  };
}

function refused({ advice }: Question, status: number, retryAfter: string): Missing {
  const wait = retryAfterMs(retryAfter, Date.now());
  const isRedirect = status >= 300 && status < 400;
  const todo = advice[status] ?? (isRedirect ? "name the address that it leads to" : undefined);
  const said = advised(`the status is ${status}`, todo);
  return missing(status === 429 ? "rate-limited" : "refused", said, wait);
}

function advised(said: string, todo: string | undefined): string {
  return todo === undefined ? said : `${said}; ${todo}`;
}

function one(header: string | string[] | undefined): string {
  return (typeof header === "string" ? header : header?.[0]) ?? "";
}
