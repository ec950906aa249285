import type { ConfigStore } from "./config-store.ts";
import type { MaybePromise } from "./maybe-promise.ts";
import { web } from "./web.ts";

/**
 * The reading of one key: its value, `null` when it is absent, or the error that kept it unread.
 */
export type KeyReading = string | null | { readonly error: unknown };

/**
 * Reads a key from a store that may do anything: throw, reject, answer with another type, or never
 * answer. Never throws or rejects. Synchronous where the store is.
 */
export function readKey(
  store: ConfigStore,
  key: string,
  timeoutMs = 250,
): MaybePromise<KeyReading> {
  try {
    const answer: unknown = store.get(key);
    return isValue(answer) ? answer : withTimeout(answer, timeoutMs);
  } catch (error) {
    return { error };
  }
}

/** Whether a store may answer with this: text, or `null` for an absent key. */
export function isValue(answer: unknown): answer is string | null {
  return answer === null || typeof answer === "string";
}

function withTimeout(answer: unknown, timeoutMs: number): Promise<KeyReading> {
  return new Promise((resolve) => {
    const timer = web.setTimeout(
      () => resolve({ error: `no answer in ${timeoutMs} ms` }),
      timeoutMs,
    );
    // A promise of our own adopts the answer, so that one with hostile members only rejects it.
    void new Promise((adopt) => adopt(answer))
      .then(
        (value) => (isValue(value) ? value : { error: `answered with ${typeof value}` }),
        (error: unknown) => ({ error }),
      )
      .then((reading) => {
        web.clearTimeout(timer);
        return resolve(reading);
      });
  });
}
