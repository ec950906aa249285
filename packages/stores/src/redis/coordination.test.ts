import { describeChangeLock } from "@edgezero/testbed/contracts/change-lock";
import type { CoordinatedStoreFixture } from "@edgezero/testbed/contracts/coordinated-store";
import { AT_10, coordinationOf } from "@edgezero/testbed/contracts/coordinated-store";
import { describeRollbackMark } from "@edgezero/testbed/contracts/rollback-mark";
import { guardOver, lockOf } from "@edgezero/testbed/contracts/write-guard";
import { freePort } from "@edgezero/testbed/free-port";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LOCK_STALE_AFTER_MS } from "../coordination.ts";
import { StoreConflictError } from "../operator-store.ts";
import { lockKey, markKey } from "./companion-keys.ts";
import { openStore } from "./operator.ts";

const KEY = "trusted_server_config";
const LOCK = "{trusted_server_config}:lock";
const MARK = "{trusted_server_config}:rollback";

describeWithRedis("Redis coordination", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(async () => {
    await redis.command("FLUSHALL");
    await redis.write({ edgezero_enabled: "true", edgezero_rollout_pct: "10" });
  });
  afterAll(async () => redis?.close());

  async function open(): Promise<CoordinatedStoreFixture> {
    return {
      open: () => openStore(redis.url),
      async stored() {
        const names = ["edgezero_enabled", "edgezero_rollout_pct"];
        const [flag, pct] = (await redis.command("HMGET", KEY, ...names)) as (string | null)[];
        return { edgezero_enabled: flag ?? null, edgezero_rollout_pct: pct ?? null };
      },
      async expireLock() {
        await redis.command("PEXPIRE", LOCK, "1");
        await expect.poll(async () => redis.command("EXISTS", LOCK)).toBe(0);
      },
      leaveLock: async (holder) =>
        void (await redis.command("SET", LOCK, JSON.stringify(holder), "PX", "60000")),
      close: async () => {},
    };
  }

  describeChangeLock(open);
  describeRollbackMark({ marksByOverwrite: true }, open);

  test("lock and mark are two keys beside the hash; the lock has an expiry", async () => {
    const store = openStore(redis.url);
    await lockOf(coordinationOf(store));
    await store.overwrite({ edgezero_rollout_pct: "0" }, "ann");
    expect(((await redis.command("KEYS", "*")) as string[]).toSorted()).toEqual(
      [KEY, LOCK, MARK].toSorted(),
    );
    const leftMs = Number(await redis.command("PTTL", LOCK));
    expect(leftMs).toBeGreaterThan(LOCK_STALE_AFTER_MS - 60_000);
    expect(leftMs).toBeLessThanOrEqual(LOCK_STALE_AFTER_MS);
    expect(await redis.command("PTTL", MARK)).toBe(-1);
    expect(coordinationOf(store).lock.location).toContain(LOCK);
  });

  test.each([
    { name: "long ago", since: "2020-01-01T00:00:00.000Z" },
    { name: "in the future", since: "2100-01-01T00:00:00.000Z" },
    { name: "at no time", since: "yesterday" },
  ])("a lock that was taken $name by a client's clock is held all the same", async ({ since }) => {
    const holder = { who: "carol", host: "elsewhere", pid: 1, since, command: "set" };
    await redis.command("SET", LOCK, JSON.stringify(holder), "PX", "60000");
    const attempt = await coordinationOf(openStore(redis.url)).lock.take("bob", "set");
    expect(attempt).toEqual({ kind: "busy", holder });
  });

  test("a text that is not of this tool is a lock that someone holds", async () => {
    await redis.command("SET", LOCK, "mine");
    const attempt = await coordinationOf(openStore(redis.url)).lock.take("bob", "set");
    expect(attempt).toMatchObject({ kind: "busy", holder: { who: "unknown" } });
  });

  test("an overwrite leaves a mark of its own in the same step, and each another one", async () => {
    const store = openStore(redis.url);
    const marks = new Set<unknown>();
    for (let i = 0; i < 3; i++) {
      const guard = await guardOver(store, await store.read());
      await store.overwrite({ edgezero_rollout_pct: "0" }, "ann");
      const writing = store.write({ edgezero_rollout_pct: "50" }, guard);
      await expect(writing).rejects.toThrow("ann has rolled back meanwhile");
      await guard.lock.release();
      marks.add(await coordinationOf(store).mark.read());
    }
    expect(marks.size).toBe(3);
  });

  test.each([
    { name: "the lock", key: LOCK },
    { name: "the mark", key: MARK },
  ])("a rollback is made even where $name is a key of another type", async ({ key }) => {
    await redis.command("RPUSH", key, "x");
    await openStore(redis.url).overwrite({ edgezero_rollout_pct: "0" }, "ann");
    expect(await redis.command("HGET", KEY, "edgezero_rollout_pct")).toBe("0");
  });

  test("another key and another database have a lock and a mark of their own", async () => {
    await lockOf(coordinationOf(openStore(redis.url)), "ann");
    for (const url of [`${redis.url}/3`, `${redis.url}?key=staging`]) {
      const other = coordinationOf(openStore(url));
      expect(await other.lock.holder()).toBeNull();
      await lockOf(other, "bob");
    }
  });

  test("an absent value is not an empty one", async () => {
    await redis.write({ edgezero_enabled: "", edgezero_rollout_pct: "10" });
    const store = openStore(redis.url);
    const guard = await guardOver(store, { edgezero_enabled: null, edgezero_rollout_pct: "10" });
    const writing = store.write({ edgezero_rollout_pct: "50" }, guard);
    await expect(writing).rejects.toThrow("was changed by someone else meanwhile");
  });
});

describeWithRedis("a Redis that restarts", () => {
  test("and has lost everything: the lock is free, and what began before is refused", async () => {
    const redis = await startRedis();
    await redis.write(AT_10 as Record<string, string>);
    const store = openStore(redis.url);
    await store.overwrite({ edgezero_rollout_pct: "10" }, "ann");
    const guard = await guardOver(store, AT_10);
    await redis.kill();
    await redis.start();
    await redis.write(AT_10 as Record<string, string>);
    expect(await coordinationOf(store).lock.holder()).toBeNull();
    for (const mark of [guard.mark, null]) {
      const writing = store.write({ edgezero_rollout_pct: "50" }, { ...guard, mark });
      await expect(writing).rejects.toThrow(StoreConflictError);
    }
    expect(await store.read()).toEqual(AT_10);
    await redis.close();
  });

  test("and keeps its data: lock and mark stand", async () => {
    const redis = await startRedis(["--appendonly", "yes", "--appendfsync", "always"]);
    await redis.write(AT_10 as Record<string, string>);
    const store = openStore(redis.url);
    await store.overwrite({ edgezero_rollout_pct: "10" }, "ann");
    const guard = await guardOver(store, AT_10);
    await redis.kill("SIGTERM");
    await redis.start();
    expect(await coordinationOf(store).lock.holder()).toMatchObject({ who: "ann" });
    expect(await coordinationOf(store).mark.read()).toBe(guard.mark);
    await store.write({ edgezero_rollout_pct: "50" }, guard);
    expect((await store.read()).edgezero_rollout_pct).toBe("50");
    await redis.close();
  });

  test("that is down: taking the lock fails with its address, and leaves nothing behind", async () => {
    const redis = await startRedis();
    const { lock } = coordinationOf(openStore(redis.url));
    await redis.kill();
    await expect(lock.take("ann", "set")).rejects.toThrow("ECONNREFUSED");
    await expect(lock.holder()).rejects.toThrow("ECONNREFUSED");
    await redis.close();
  });
});

describe("the names of the keys", () => {
  test.each([
    { key: "trusted_server_config", lock: "{trusted_server_config}:lock" },
    { key: "staging:rollout", lock: "{staging:rollout}:lock" },
    { key: "{site}:rollout", lock: "{site}:rollout:lock" },
    { key: "a{b}c{d}", lock: "a{b}c{d}:lock" },
    { key: "a{b", lock: "{a{b}:lock" },
    { key: "{}a", lock: "{}a:lock" },
    { key: "a}b", lock: "a}b:lock" },
  ])("$key: $lock", ({ key, lock }) => {
    expect(lockKey(key)).toBe(lock);
    expect(markKey(key)).toBe(lock.replace(/lock$/, "rollback"));
  });
});

describeWithRedis("the slots of a cluster", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    // Its own choice, 10,000 above the other port, may be an outgoing connection's.
    const busPort = String(await freePort());
    redis = await startRedis(["--cluster-enabled", "yes", "--cluster-port", busPort]);
  });
  afterAll(async () => redis?.close());

  test.each(["trusted_server_config", "staging:rollout", "{site}:rollout", "a{b}c{d}", "a{b", "{"])(
    "%s: lock and mark are in the slot of the key",
    async (key) => {
      const slots = await Promise.all(
        [key, lockKey(key), markKey(key)].map(async (name) =>
          redis.command("CLUSTER", "KEYSLOT", name),
        ),
      );
      expect(new Set(slots).size).toBe(1);
    },
  );
});
