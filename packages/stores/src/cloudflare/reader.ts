import type { ConfigStore } from "@edgezero/rollout";
import { ConfigStoreUnavailableError } from "@edgezero/rollout";

/** The smallest that KV allows, in seconds: https://developers.cloudflare.com/kv/api/read-key-value-pairs/ */
const CACHE_TTL_SECONDS = 30;
/** Keeps a byte order mark, which is part of a value, and makes it invalid. */
const UTF_8 = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/** The part of a KV namespace that the store uses. */
export interface BytesReader {
  get(
    key: string,
    options: { readonly type: "arrayBuffer"; readonly cacheTtl: number },
  ): Promise<ArrayBuffer | null>;
}

/** What one read has found. */
interface Reading {
  readonly startedAt: number;
  readonly value: string | null;
}

/**
 * A config store over Workers KV. The isolate goes by what it has read of a key for `maxAgeMs` from
 * when the read started, so that a warm request reads nothing.
 *
 * KV is eventually consistent: a change reaches every place after up to 60 seconds or more, and a
 * key's absence is cached like a value, so create both keys before you switch on.
 *
 * @param namespace The KV binding, `undefined` where there is none: a store that cannot be opened.
 */
export function createConfigStore(
  namespace: BytesReader | undefined,
  maxAgeMs: number,
  now: () => number = Date.now,
): ConfigStore {
  const latest = new Map<string, Reading>();

  // Each request awaits a read of its own: one promise for all would die with its own request.
  async function read(key: string): Promise<string | null> {
    if (namespace === undefined) {
      throw new ConfigStoreUnavailableError("the KV binding TRUSTED_SERVER_CONFIG is missing");
    }
    const startedAt = now();
    const bytes = await namespace.get(key, { type: "arrayBuffer", cacheTtl: CACHE_TTL_SECONDS });
    const value = bytes === null ? null : UTF_8.decode(bytes);
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
