import type { ConfigStore } from "@edgezero/rollout";
import {
  ConfigStoreUnavailableError,
  EDGEZERO_ENABLED_KEY,
  EDGEZERO_ROLLOUT_PCT_KEY,
} from "@edgezero/rollout";

/** The smallest that KV allows, in seconds: https://developers.cloudflare.com/kv/api/read-key-value-pairs/ */
const CACHE_TTL_SECONDS = 30;
const KEYS = [EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY];

/** The part of a KV namespace that the store uses. */
export interface BulkReader {
  get(keys: string[], options: { cacheTtl: number }): Promise<Map<string, string | null>>;
}

/** What one bulk read has found. */
interface Reading {
  readonly startedAt: number;
  readonly values: ReadonlyMap<string, string | null>;
}

/**
 * A config store over Workers KV. Both keys come in one bulk read, and the isolate goes by it for
 * `maxAgeMs` from when the read started, so that a warm request reads nothing.
 *
 * KV is eventually consistent: a change reaches every place after up to 60 seconds or more, and a
 * key's absence is cached like a value, so create both keys before you switch on.
 *
 * @param namespace The KV binding, `undefined` where there is none: a store that cannot be opened.
 */
export function createConfigStore(
  namespace: BulkReader | undefined,
  maxAgeMs: number,
  now: () => number = Date.now,
): ConfigStore {
  let latest: Reading | undefined;

  // Each request awaits a read of its own: one promise for all would die with its own request.
  async function read(): Promise<Reading> {
    if (namespace === undefined) {
      throw new ConfigStoreUnavailableError("the KV binding TRUSTED_SERVER_CONFIG is missing");
    }
    const startedAt = now();
    const values = await namespace.get(KEYS, { cacheTtl: CACHE_TTL_SECONDS });
    const reading = { startedAt, values };
    if (latest === undefined || startedAt >= latest.startedAt) latest = reading;
    return reading;
  }

  return {
    get(key) {
      if (latest !== undefined && now() - latest.startedAt < maxAgeMs) {
        return latest.values.get(key) ?? null;
      }
      return read().then(({ values }) => values.get(key) ?? null);
    },
  };
}
