// Fastly's API for the items of config stores, as it is published. Each rule names its source; the
// wording of errors is this server's own.
import type { ApiAnswer, ApiRequest, FakeApi } from "./fake-api.ts";
import { startFakeApi, Violation } from "./fake-api.ts";

// https://www.fastly.com/documentation/reference/api/services/resources/config-store-item/
const ITEMS = /^\/resources\/stores\/config\/([^/]+)\/items$/;
const ITEM = /^\/resources\/stores\/config\/([^/]+)\/item\/([^/]+)$/;
const MOST_CHARACTERS = 8000;
// https://www.fastly.com/documentation/guides/compute/edge-data-storage/working-with-config-stores/
const MOST_KEY_CHARACTERS = 255;
const FORM = "application/x-www-form-urlencoded";

/** A fake of Fastly's API. */
export interface FakeFastly extends FakeApi {
  /** The items of each store. */
  readonly stores: Map<string, Map<string, unknown>>;
  /** The scope of each token: https://www.fastly.com/documentation/reference/api/auth-tokens/user/ */
  readonly tokens: Map<string, string>;
}

export async function startFakeFastly(): Promise<FakeFastly> {
  const stores: FakeFastly["stores"] = new Map();
  const tokens: FakeFastly["tokens"] = new Map();

  function handle(request: ApiRequest): ApiAnswer {
    const { method, path, headers } = request;
    // https://www.fastly.com/documentation/reference/api/#authentication
    const scope = tokens.get(String(headers["fastly-key"]));
    if (scope === undefined) {
      return failure(401, "Provided credentials are missing or invalid", "");
    }
    if (headers["accept"] !== "application/json") throw new Violation("it must accept JSON");
    // https://www.fastly.com/documentation/reference/api/auth-tokens/user/
    if (method === "GET" && path === "/tokens/self") {
      return { status: 200, body: { id: "5Yo3XXnrQpjc20u0ybrf2g", name: "test", scope } };
    }
    const [, id = "", key] = ITEM.exec(path) ?? ITEMS.exec(path) ?? [];
    if (id === "") throw new Violation("there is no such path");
    const store = stores.get(id);
    if (store === undefined) return failure(404, "Record not found", "Couldn't find the store");
    if (method === "GET" && key === undefined) {
      return { status: 200, body: [...store].map(([name, value]) => toItem(id, name, value)) };
    }
    if (method !== "PUT" || key === undefined) throw new Violation("there is no such method");
    if (!scope.split(" ").includes("global")) return failure(403, "You are not authorized", "");
    return put(store, id, decodeURIComponent(key), request);
  }

  return { ...(await startFakeApi(handle)), stores, tokens };
}

function put(store: Map<string, unknown>, id: string, key: string, request: ApiRequest): ApiAnswer {
  const { headers, body } = request;
  if (headers["content-type"] !== FORM) throw new Violation("the body must be a form");
  const value = new URLSearchParams(body.toString()).get("item_value");
  if (value === null) throw new Violation("item_value is missing");
  if (key.length > MOST_KEY_CHARACTERS || value.length > MOST_CHARACTERS) {
    return failure(400, "Bad request", "The key or the value is too long");
  }
  store.set(key, value);
  return { status: 200, body: toItem(id, key, value) };
}

function toItem(id: string, key: string, value: unknown): unknown {
  const at = "2026-11-23T00:00:00Z";
  const times = { created_at: at, updated_at: at, deleted_at: null };
  return { store_id: id, item_key: key, item_value: value, ...times };
}

function failure(status: number, msg: string, detail: string): ApiAnswer {
  return { status, body: { msg, detail } };
}
