import { AttemptError } from "../cloud/request.ts";

/** The explanation in the body of a refusal; empty where there is none. */
export function reasonIn(body: unknown): string {
  const { msg, detail, title } = (body ?? {}) as Readonly<Record<string, unknown>>;
  const said = [detail, msg, title].find((text) => typeof text === "string" && text !== "");
  return typeof said === "string" ? said : "";
}

/**
 * The time until the rate limit is over, in milliseconds; `null` where there is none.
 * https://www.fastly.com/documentation/reference/api/#rate-limiting
 */
export function waitIn(headers: Headers): number | null {
  const resetMs = Number(headers.get("fastly-ratelimit-reset")) * 1000 - Date.now();
  return resetMs > 0 ? resetMs : null;
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
