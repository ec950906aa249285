import { ConfigStoreUnavailableError, readRollout } from "@edgezero/rollout";
import { beforeEach, expect, test } from "vitest";
import type { BytesReader } from "./reader.ts";
import { createConfigStore } from "./reader.ts";

const MAX_AGE_MS = 5000;

let values: Record<string, string>;
let reads: string[];
let nowMs: number;

beforeEach(() => {
  values = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };
  reads = [];
  nowMs = 1_000_000;
});

const namespace: BytesReader = {
  async get(key) {
    reads.push(key);
    const value = values[key];
    return value === undefined ? null : new TextEncoder().encode(value).buffer;
  },
};

const now = (): number => nowMs;

test("a warm request reads nothing, and a cold one each key once", async () => {
  const store = createConfigStore(namespace, MAX_AGE_MS, now);
  for (let i = 0; i < 5; i++) expect((await readRollout(store)).rolloutPct).toBe(10);
  expect(reads).toEqual(["edgezero_enabled", "edgezero_rollout_pct"]);
});

test("a change is seen once the age is reached, and not before", async () => {
  const store = createConfigStore(namespace, MAX_AGE_MS, now);
  await readRollout(store);
  values = { edgezero_enabled: "false" };
  nowMs += MAX_AGE_MS - 1;
  expect((await readRollout(store)).reason).toBe("bucket");
  nowMs += 1;
  expect((await readRollout(store)).reason).toBe("disabled");
});

test("the age counts from when a read started, not from when it was answered", async () => {
  const slow: BytesReader = {
    async get(key, options) {
      const bytes = await namespace.get(key, options);
      nowMs += 200;
      return bytes;
    },
  };
  const store = createConfigStore(slow, MAX_AGE_MS, now);
  await store.get("edgezero_enabled");
  nowMs += MAX_AGE_MS - 200;
  await store.get("edgezero_enabled");
  expect(reads).toHaveLength(2);
});

test("an absent key is remembered as absent", async () => {
  values = {};
  const store = createConfigStore(namespace, MAX_AGE_MS, now);
  expect(await store.get("edgezero_enabled")).toBeNull();
  expect(await store.get("edgezero_enabled")).toBeNull();
  expect(reads).toHaveLength(1);
});

test("at an age of 0, each read asks KV", async () => {
  const store = createConfigStore(namespace, 0, now);
  for (let i = 0; i < 3; i++) await store.get("edgezero_enabled");
  expect(reads).toHaveLength(3);
});

test("a slow read does not undo what a later one has found", async () => {
  const late = Promise.withResolvers<ArrayBuffer>();
  let asked = 0;
  const overtaken: BytesReader = {
    get: async (...args) => (asked++ === 0 ? late.promise : namespace.get(...args)),
  };
  const store = createConfigStore(overtaken, MAX_AGE_MS, now);
  const first = store.get("edgezero_enabled");
  nowMs += 100;
  values = { edgezero_enabled: "false" };
  await store.get("edgezero_enabled");
  late.resolve(new TextEncoder().encode("true").buffer);
  await first;
  expect(await store.get("edgezero_enabled")).toBe("false");
});

test("a read that fails is not remembered", async () => {
  let isDown = true;
  const flaky: BytesReader = {
    async get(key, options) {
      if (isDown) throw new Error("KV GET failed: 503");
      return namespace.get(key, options);
    },
  };
  const store = createConfigStore(flaky, MAX_AGE_MS, now);
  await expect(store.get("edgezero_enabled")).rejects.toThrow("503");
  isDown = false;
  expect(await store.get("edgezero_enabled")).toBe("true");
});

test("a byte order mark is part of a value", async () => {
  values = { edgezero_rollout_pct: "\ufeff50" };
  const store = createConfigStore(namespace, MAX_AGE_MS, now);
  expect(await store.get("edgezero_rollout_pct")).toBe("\ufeff50");
});

test("without a binding the store cannot be opened", async () => {
  const store = createConfigStore(undefined, MAX_AGE_MS, now);
  await expect(store.get("edgezero_enabled")).rejects.toThrow(ConfigStoreUnavailableError);
});
