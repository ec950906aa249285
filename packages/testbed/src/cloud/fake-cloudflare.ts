// Cloudflare's API for the values of a KV namespace, as it is published. Each rule names its source.
import type { ApiAnswer, ApiRequest, FakeApi } from "./fake-api.ts";
import { startFakeApi, Violation } from "./fake-api.ts";

// https://developers.cloudflare.com/api/resources/kv/subresources/namespaces/subresources/values/
const VALUE = /^\/accounts\/([^/]+)\/storage\/kv\/namespaces\/([^/]+)\/values\/([^/]+)$/;
// https://developers.cloudflare.com/kv/platform/limits/
const MOST_BYTES = 25 * 1024 * 1024;
// https://developers.cloudflare.com/kv/api/write-key-value-pairs/
const SHORTEST_TTL_SECONDS = 60;

/** One pair: its value, and the expiration and metadata beside it. */
export interface Pair {
  readonly value: Buffer;
  /** In seconds since the epoch. */
  readonly expiration?: number;
  readonly metadata?: string;
}

/** A fake of Cloudflare's API. */
export interface FakeCloudflare extends FakeApi {
  /** The pairs of each namespace, by `account/namespace`. */
  readonly namespaces: Map<string, Map<string, Pair>>;
  /** The permissions of each token: https://developers.cloudflare.com/fundamentals/api/reference/permissions/ */
  readonly tokens: Map<string, "Workers KV Storage Read" | "Workers KV Storage Write">;
  /** Whether writes of one key are limited to one a second, as KV's are. */
  limitsWrites: boolean;
}

export async function startFakeCloudflare(): Promise<FakeCloudflare> {
  const namespaces: FakeCloudflare["namespaces"] = new Map();
  const tokens: FakeCloudflare["tokens"] = new Map();
  const writtenAt = new Map<string, number>();

  function handle(request: ApiRequest): ApiAnswer {
    const { method, path, headers } = request;
    // https://developers.cloudflare.com/fundamentals/api/how-to/make-api-calls/
    const permission = tokens.get(/^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "");
    if (permission === undefined) return failure(401, 10000, "Authentication error");
    const [, account = "", namespace = "", name = ""] = VALUE.exec(path) ?? [];
    if (name === "") throw new Violation("there is no such path");
    if (![...namespaces.keys()].some((id) => id.startsWith(`${account}/`))) {
      return failure(
        404,
        7003,
        `Could not route to ${path}, perhaps your object identifier is invalid?`,
      );
    }
    const pairs = namespaces.get(`${account}/${namespace}`);
    const key = decodeURIComponent(name);
    if (method === "GET") {
      if (pairs === undefined) return failure(404, 10013, "get: 'namespace not found'");
      return read(pairs, key);
    }
    if (method !== "PUT") throw new Violation("there is no such method");
    if (permission !== "Workers KV Storage Write")
      return failure(403, 10000, "Authentication error");
    if (pairs === undefined) return failure(404, 10013, "put: 'namespace not found'");
    // https://developers.cloudflare.com/kv/platform/limits/: one write a second to the same key.
    const sinceMs = performance.now() - (writtenAt.get(path) ?? -Infinity);
    if (api.limitsWrites && sinceMs < 1000) {
      return { ...failure(429, 10048, "Too many requests"), headers: { "retry-after": "1" } };
    }
    const answer = write(pairs, key, request);
    if (answer.status === 200) writtenAt.set(path, performance.now());
    return answer;
  }

  const api: FakeCloudflare = {
    ...(await startFakeApi(handle)),
    namespaces,
    tokens,
    limitsWrites: false,
  };
  return api;
}

function read(pairs: Map<string, Pair>, key: string): ApiAnswer {
  const pair = pairs.get(key);
  // Expired pairs are gone: https://developers.cloudflare.com/kv/api/write-key-value-pairs/#expiring-keys
  if (pair === undefined || (pair.expiration ?? Infinity) * 1000 <= Date.now()) {
    return failure(404, 10009, "get: 'key not found'");
  }
  const { value, expiration } = pair;
  return {
    status: 200,
    body: value,
    headers: expiration === undefined ? {} : { expiration: String(expiration) },
  };
}

/** Replaces the value, the expiration and the metadata; a pair without an expiration does not expire. */
function write(
  pairs: Map<string, Pair>,
  key: string,
  { query, headers, body }: ApiRequest,
): ApiAnswer {
  if (headers["content-type"] !== "application/octet-stream") {
    throw new Violation("the body must be the value's bytes, the one form that is used here");
  }
  if (body.length > MOST_BYTES) return failure(413, 10033, "value too large");
  const ttl = Number(query.get("expiration_ttl") ?? Infinity);
  if (ttl < SHORTEST_TTL_SECONDS) return failure(400, 10026, "invalid expiration_ttl");
  const expiration = Number(query.get("expiration") ?? Math.floor(Date.now() / 1000) + ttl);
  pairs.set(key, { value: body, ...(Number.isFinite(expiration) ? { expiration } : {}) });
  return { status: 200, body: { success: true, errors: [], messages: [], result: null } };
}

function failure(status: number, code: number, message: string): ApiAnswer {
  return {
    status,
    body: { success: false, errors: [{ code, message }], messages: [], result: null },
  };
}
