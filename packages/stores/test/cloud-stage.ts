import type { Changes, OperatorStore, StoredValues } from "../src/operator-store.ts";
import { openStore as openCloudflareStore } from "../src/cloudflare/operator.ts";
import { openStore as openFastlyStore } from "../src/fastly/operator.ts";
import type { FakeApi } from "@edgezero/testbed/cloud/fake-api";
import { startFakeCloudflare } from "@edgezero/testbed/cloud/fake-cloudflare";
import { startFakeFastly } from "@edgezero/testbed/cloud/fake-fastly";
import type { FaultProxy } from "@edgezero/testbed/cloud/fault-proxy";
import { startFaultProxy } from "@edgezero/testbed/cloud/fault-proxy";

export const TOKEN = "t0ken-that-may-write";
export const READ_TOKEN = "t0ken-that-may-read";
export const STORE_ID = "2abcDEF3ghiJKL4mnoPQR5";
export const ACCOUNT = "023e105f4ecef8ad9ca31a8372d0c353";
export const NAMESPACE = "0f2ac74b498b48028cb68387c421e279";

/** A vendor's fake behind a faulty network, and a store on it. */
export interface CloudStage {
  readonly api: FakeApi;
  readonly proxy: FaultProxy;
  /** Opens the store; other ids and tokens than the right ones may be given. */
  open(token?: string, url?: string): OperatorStore;
  stored(): StoredValues;
  set(values: Changes): void;
  close(): Promise<void>;
}

/** A vendor, for tests that hold for each. */
export interface CloudVendor {
  readonly name: string;
  readonly start: () => Promise<CloudStage>;
}

export const FASTLY: CloudVendor = {
  name: "Fastly",
  async start() {
    const api = await startFakeFastly();
    const proxy = await startFaultProxy(api.port);
    const items = new Map<string, unknown>([["another", "item"]]);
    api.stores.set(STORE_ID, items);
    api.tokens.set(TOKEN, "global").set(READ_TOKEN, "global:read");
    return {
      api,
      proxy,
      open: (token = TOKEN, url = `fastly://${STORE_ID}`) =>
        openFastlyStore(url, { FASTLY_API_TOKEN: token, EDGEZERO_FASTLY_API_URL: proxy.url }),
      stored: () => toStored((key) => items.get(key) as string | undefined),
      set: (values) => replace(items, values, (value) => value),
      close: async () => closeAll(proxy, api),
    };
  },
};

export const CLOUDFLARE: CloudVendor = {
  name: "Cloudflare",
  async start() {
    const api = await startFakeCloudflare();
    const proxy = await startFaultProxy(api.port);
    const pairs = new Map();
    api.namespaces.set(`${ACCOUNT}/${NAMESPACE}`, pairs);
    api.tokens.set(TOKEN, "Workers KV Storage Write").set(READ_TOKEN, "Workers KV Storage Read");
    return {
      api,
      proxy,
      open: (token = TOKEN, url = `cloudflare://${ACCOUNT}/${NAMESPACE}`) =>
        openCloudflareStore(url, {
          CLOUDFLARE_API_TOKEN: token,
          EDGEZERO_CLOUDFLARE_API_URL: proxy.url,
        }),
      stored: () => toStored((key) => pairs.get(key)?.value.toString()),
      set: (values) => replace(pairs, values, (value) => ({ value: Buffer.from(value) })),
      close: async () => closeAll(proxy, api),
    };
  },
};

function toStored(valueOf: (key: string) => string | undefined): StoredValues {
  return {
    edgezero_enabled: valueOf("edgezero_enabled") ?? null,
    edgezero_rollout_pct: valueOf("edgezero_rollout_pct") ?? null,
  };
}

function replace(
  entries: Map<string, unknown>,
  values: Changes,
  toEntry: (value: string) => unknown,
): void {
  for (const key of ["edgezero_enabled", "edgezero_rollout_pct"] as const) {
    const value = values[key];
    if (value === undefined) entries.delete(key);
    else entries.set(key, toEntry(value));
  }
}

async function closeAll(proxy: FaultProxy, api: FakeApi): Promise<void> {
  await proxy.close();
  await api.close();
}
