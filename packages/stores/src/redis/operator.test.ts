import { messageOf } from "@edgezero/faults/faults";
import { guardOver } from "@edgezero/testbed/contracts/write-guard";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { OperatorStore } from "../operator-store.ts";
import { StoreError } from "../operator-store.ts";
import { openStore as openRedisStore } from "./operator.ts";
import { describeOperatorStore } from "@edgezero/testbed/contracts/operator-store";

const KEY = "trusted_server_config";
const PASSWORD = "s3cret p@ss/word";

const RIGHTS = [
  `~${KEY}`,
  `~{${KEY}}:*`,
  "+hello",
  "+hmget",
  "+hset",
  "+get",
  "+set",
  "+del",
  "+eval",
  "+multi",
  "+discard",
];

async function faultOf(action: Promise<unknown>): Promise<string> {
  const error = await action.then(
    () => new Error("it did not fail"),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(StoreError);
  const message = messageOf(error);
  expect(message).not.toMatch(/s3cret|wr0ng/);
  return message;
}

describeWithRedis("Redis store", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    const url = (port: number): string =>
      `redis://default:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`;
    redis = await startRedis(["--requirepass", PASSWORD], url);
  });
  beforeEach(async () => void (await redis.command("FLUSHALL")));
  afterAll(async () => redis?.close());

  async function openAs(user: string, rights: readonly string[]): Promise<OperatorStore> {
    await redis.command("ACL", "SETUSER", user, "reset", "on", ">pw", ...rights);
    return openRedisStore(`redis://${user}:pw@127.0.0.1:${redis.port}`);
  }

  describeOperatorStore(
    { comparesFirst: true, secrets: [PASSWORD, encodeURIComponent(PASSWORD)] },
    async () => ({
      store: openRedisStore(redis.url),
      openAgain: async () => openRedisStore(redis.url),
      async stored() {
        const names = ["edgezero_enabled", "edgezero_rollout_pct"];
        const [flag, pct] = (await redis.command("HMGET", KEY, ...names)) as (string | null)[];
        return { edgezero_enabled: flag ?? null, edgezero_rollout_pct: pct ?? null };
      },
      set: async (values) => redis.write(values),
      close: async () => {},
    }),
  );

  test("another key and another database, named in the URL", async () => {
    const store = openRedisStore(`${redis.url}/3?key=staging:rollout`);
    await store.overwrite({ edgezero_rollout_pct: "7" }, "ann");
    expect(await store.read()).toEqual({ edgezero_enabled: null, edgezero_rollout_pct: "7" });
    expect(await redis.command("EXISTS", KEY)).toBe(0);
    expect(store.location).toBe(`redis://***@127.0.0.1:${redis.port}/3?key=staging:rollout`);
  });

  test("of many writes that expect the same, one is made", async () => {
    await redis.write({ edgezero_rollout_pct: "0" });
    const store = openRedisStore(redis.url);
    const guard = await guardOver(store, await store.read());
    const writes = Array.from({ length: 20 }, async (_, i) =>
      openRedisStore(redis.url).write({ edgezero_rollout_pct: String(i + 1) }, guard),
    );
    const results = await Promise.allSettled(writes);
    const written = results.flatMap(({ status }, i) => (status === "fulfilled" ? [i + 1] : []));
    expect(written).toHaveLength(1);
    expect(await redis.command("HGET", KEY, "edgezero_rollout_pct")).toBe(String(written[0]));
  });

  test("a key that is not a hash", async () => {
    await redis.command("SET", KEY, "true");
    const store = openRedisStore(redis.url);
    expect(await faultOf(store.read())).toContain(`the key ${KEY} is not a hash`);
    expect(await faultOf(store.overwrite({ edgezero_rollout_pct: "0" }, "ann"))).toContain(
      "is not a hash",
    );
  });

  test("a user with no more rights than the README names can do all", async () => {
    const store = await openAs("operator", RIGHTS);
    await store.checkWritable?.();
    await store.overwrite({ edgezero_enabled: "true", edgezero_rollout_pct: "1" }, "ann");
    const guard = await guardOver(store, await store.read());
    expect(guard.mark).toContain('"ann"');
    await store.write({ edgezero_rollout_pct: "2" }, guard);
    expect(await store.read()).toEqual({ edgezero_enabled: "true", edgezero_rollout_pct: "2" });
    await guard.lock.release();
    expect(await store.coordination?.lock.holder()).toBeNull();
  });

  test.each(RIGHTS.filter((right) => !/^\+(hello|multi|discard)$/.test(right)))(
    "a user without %s: checking says what is needed",
    async (right) => {
      const store = await openAs(
        "operator",
        RIGHTS.filter((each) => each !== right),
      );
      const needs =
        "the user needs hmget, hset, get, set, del, eval, multi and discard, and for a controller time, on the keys trusted_server_config and {trusted_server_config}:*";
      expect(await faultOf(store.checkWritable?.() as Promise<void>)).toContain(needs);
    },
  );

  test("a user with the rights of before can still read and roll back, but change nothing", async () => {
    const before = ["hello", "hmget", "hset", "watch", "multi", "exec", "discard"];
    const store = await openAs("before", [`~${KEY}`, ...before.map((name) => `+${name}`)]);
    await store.overwrite({ edgezero_enabled: "true", edgezero_rollout_pct: "0" }, "ann");
    const values = { edgezero_enabled: "true", edgezero_rollout_pct: "0" };
    expect(await store.read()).toEqual(values);
    expect(await store.coordination?.mark.read()).toBeNull();
    const lock = { fence: "x", takenFrom: null, release: async () => {} };
    const guard = { expected: values, mark: null, lock };
    const writing = store.write({ edgezero_rollout_pct: "1" }, guard);
    expect(await faultOf(writing)).toContain("the user needs");
    const taking = store.coordination?.lock.take("ann", "set") as Promise<unknown>;
    expect(await faultOf(taking)).toContain("the user needs");
  });

  test("a user who may run no script leaves the mark of a rollback all the same", async () => {
    const store = await openAs(
      "scriptless",
      RIGHTS.filter((each) => each !== "+eval"),
    );
    await store.overwrite({ edgezero_rollout_pct: "0" }, "ann");
    expect(await redis.command("HGET", KEY, "edgezero_rollout_pct")).toBe("0");
    expect(await store.coordination?.mark.read()).toContain('"ann"');
  });

  test("a proxy that breaks the connection at a script: the next rollback is made without one", async () => {
    const proxy = createServer((client) => {
      const server = connect(redis.port, "127.0.0.1");
      client.on("data", (chunk) => {
        if (chunk.includes("EVAL")) client.destroy();
        else server.write(chunk);
      });
      server.pipe(client);
      client.on("close", () => server.destroy()).on("error", () => {});
      server.on("error", () => client.destroy());
    });
    await new Promise<void>((resolve) => void proxy.listen(0, "127.0.0.1", resolve));
    const url = new URL(redis.url);
    url.port = String((proxy.address() as AddressInfo).port);
    const store = openRedisStore(url.href);
    const overwrite = async (): Promise<void> =>
      store.overwrite({ edgezero_rollout_pct: "0" }, "ann");
    expect(await faultOf(overwrite())).toContain("may or may not have been written");
    await overwrite();
    expect(await redis.command("HGET", KEY, "edgezero_rollout_pct")).toBe("0");
    expect(await store.coordination?.mark.read()).toContain('"ann"');
    proxy.close();
  });

  test("a user who may only read: reading works, and checking says what is missing", async () => {
    const rules = ["reset", "on", ">pw", `~${KEY}`, "+hmget", "+hello", "+multi", "+discard"];
    await redis.command("ACL", "SETUSER", "reader", ...rules);
    const store = openRedisStore(`redis://reader:pw@127.0.0.1:${redis.port}`);
    await redis.write({ edgezero_rollout_pct: "5" });
    expect((await store.read()).edgezero_rollout_pct).toBe("5");
    const needs = "the user needs hmget, hset";
    expect(await faultOf(store.checkWritable?.() as Promise<void>)).toContain(needs);
    expect(await faultOf(store.overwrite({ edgezero_rollout_pct: "0" }, "ann"))).toContain(needs);
    expect(await redis.command("HGET", KEY, "edgezero_rollout_pct")).toBe("5");
  });

  test.each([
    ["a wrong password", "redis://:wr0ng@127.0.0.1:", "refuses the user or the password"],
    ["no password", "redis://127.0.0.1:", "it wants a password"],
  ])("%s", async (_, url, why) => {
    expect(await faultOf(openRedisStore(`${url}${redis.port}`).read())).toContain(why);
  });

  test("a replica", async () => {
    const replica = await startRedis(["--replicaof", "127.0.0.1", "1"]);
    const store = openRedisStore(replica.url);
    expect(await faultOf(store.overwrite({ edgezero_rollout_pct: "0" }, "ann"))).toContain(
      "is a replica",
    );
    expect(await faultOf(store.checkWritable?.() as Promise<void>)).toContain("is a replica");
    await replica.close();
  });

  test("a server that is down, and one that is paused: an error within the limit", async () => {
    const another = await startRedis();
    await another.write({ edgezero_rollout_pct: "5" });
    const store = openRedisStore(another.url);
    another.child().kill("SIGSTOP");
    const startedAt = performance.now();
    expect(await faultOf(store.read())).toContain("cannot be read: no answer in 5000 ms");
    expect(await faultOf(store.overwrite({ edgezero_rollout_pct: "0" }, "ann"))).toContain(
      "may or may not have been written",
    );
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    another.child().kill("SIGCONT");
    await another.kill();
    expect(await faultOf(store.read())).toContain("ECONNREFUSED");
    await another.close();
  });
});

test.each([
  "redis://",
  "redis://:s3cret@host/name",
  "redis://:s3cret@host?db=1",
  "redis://:s3cret@host:70000",
  "redis://:s3cret@host?key=",
])("not a Redis store's URL: %s", (url) => {
  expect(() => openRedisStore(url)).toThrow(StoreError);
  expect(() => openRedisStore(url)).not.toThrow("s3cret");
});
