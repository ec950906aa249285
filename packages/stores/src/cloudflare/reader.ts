import type { ConfigStore } from "@edgezero/rollout";
import { ConfigStoreUnavailableError } from "@edgezero/rollout";
import { DEFAULT_BINDING } from "./location.ts";
import { valueText } from "./value-text.ts";

/** The smallest that KV allows, in seconds: https://developers.cloudflare.com/kv/api/read-key-value-pairs/ */
const CACHE_TTL_SECONDS = 30;

/** The part of a KV namespace that the store uses. */
export interface BytesReader {
  get(
    key: string,
    options: { readonly type: "arrayBuffer"; readonly cacheTtl: number },
  ): Promise<ArrayBuffer | null>;
}

/** The result of one read. */
interface Reading {
  readonly startedAt: number;
  readonly value: string | null;
}

/**
 * A config store over Workers KV. The isolate uses the value of a key for `maxAgeMs` milliseconds from
 * the start of its read, so that a warm request reads nothing.
 *
 * KV is eventually consistent: a change takes 60 seconds or more to reach every place. KV also caches
 * that a key is absent, so create both keys before you switch on.
 *
 * @param namespace The KV binding. A store with `undefined`, a binding that is missing, cannot be opened.
 */
export function createConfigStore(
  namespace: BytesReader | undefined,
  maxAgeMs: number,
  now: () => number = Date.now,
): ConfigStore {
  const latest = new Map<string, Reading>();

  // Each request awaits its own read: a shared promise would end with the request that made it.
  async function read(key: string): Promise<string | null> {
    if (namespace === undefined) {
      throw new ConfigStoreUnavailableError(`the KV binding ${DEFAULT_BINDING} is missing`);
    }
    const startedAt = now();
    const bytes = await namespace.get(key, { type: "arrayBuffer", cacheTtl: CACHE_TTL_SECONDS });
    const value = bytes === null ? null : valueText(bytes);
    if (startedAt >= (latest.get(key)?.startedAt ?? 0)) latest.set(key, { startedAt, value });
    return value;
  }

  return {
    get(key) {
      const known = latest.get(key);
      return known !== undefined && now() - known.startedAt < maxAgeMs ? known.value : read(key);
    },
  };
}
