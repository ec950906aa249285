import { AttemptError, retryAfterMs } from "../cloud/request.ts";
import type { Answer, SuperagentResponse } from "./sdk.ts";

/** The value that a call of Fastly's client rejects with. */
interface SuperagentFault {
  readonly status?: number;
  readonly error?: Error;
  readonly response?: SuperagentResponse;
}

/** Waits for an answer, and gives its body. @throws AttemptError */
export async function send(answer: Promise<Answer>): Promise<unknown> {
  try {
    return (await answer).response.body;
  } catch (error) {
    throw toAttemptError(error as SuperagentFault);
  }
}

function toAttemptError({ status, error, response }: SuperagentFault): AttemptError {
  // A status of success with an error is an answer that broke off, or is not what it says it is.
  if (status === undefined || status < 300) {
    return new AttemptError(null, `no whole answer from Fastly (${error?.message ?? "unknown"})`);
  }
  const { msg, detail, title } = (response?.body ?? {}) as Readonly<Record<string, unknown>>;
  const said = [detail, msg, title].find((text) => typeof text === "string" && text !== "");
  const headers = response?.headers ?? {};
  // https://www.fastly.com/documentation/reference/api/#rate-limiting
  const resetMs = Number(headers["fastly-ratelimit-reset"]) * 1000 - Date.now();
  const waitMs = retryAfterMs(headers["retry-after"]) ?? (resetMs > 0 ? resetMs : null);
  return new AttemptError(status, typeof said === "string" ? said : "", waitMs);
}

/** The scope of a token. @throws AttemptError where the body is of something else. */
export function toScope(body: unknown): string {
  const { scope } = (body ?? {}) as { readonly scope?: unknown };
  if (typeof scope !== "string") throw strange("the token's scope");
  return scope;
}

/** All items of a store, by key. @throws AttemptError where the body is of something else. */
export function toItems(body: unknown): Map<string, string> {
  if (!Array.isArray(body)) throw strange("a list of items");
  const items = new Map<string, string>();
  for (const entry of body) {
    const item = toItem(entry);
    if (item === null) throw strange("a list of items");
    items.set(item.key, item.value);
  }
  return items;
}

/** One item of a store; `null` where the body is of something else. */
export function toItem(entry: unknown): { readonly key: string; readonly value: string } | null {
  const { item_key: key, item_value: value } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  return typeof key === "string" && typeof value === "string" ? { key, value } : null;
}

/** The fault of an answer that makes no sense. */
export function strange(expected: string): AttemptError {
  return new AttemptError(null, `Fastly's answer is not ${expected}`);
}
