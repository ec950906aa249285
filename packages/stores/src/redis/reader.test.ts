import type { LogLine, RecordingLogger } from "@edgezero/testbed/recording-logger";
import { recordingLogger } from "@edgezero/testbed/recording-logger";
import { describeConfigStore } from "@edgezero/testbed/contracts/config-store";
import { readRollout } from "@edgezero/rollout";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { OpenConfigStore } from "../open-config-store.ts";
import type { LastValues } from "../last-values.ts";
import { NO_LAST_VALUES } from "../last-values.ts";
import { openRedisConfigStore } from "./reader.ts";
import { parseRedisUrl } from "./location.ts";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { startRedis } from "@edgezero/testbed/redis/redis-server";

const KEY = "trusted_server_config";
const VALUES = { edgezero_enabled: "true", edgezero_rollout_pct: "10" };
const BROKEN = "config store is broken, all requests go to legacy";
/** A bound that no test reaches unless it means to. */
const LONG_MS = 600_000;

let lines: readonly LogLine[];
let logger: RecordingLogger;
const opened: OpenConfigStore[] = [];
const servers: RedisServer[] = [];

beforeEach(() => {
  logger = recordingLogger();
  ({ lines } = logger);
});

afterEach(async () => {
  for (const store of opened.splice(0)) store.close();
  for (const server of servers.splice(0)) await server.close();
});

async function open(
  url: string,
  maxAgeMs = LONG_MS,
  last: LastValues = NO_LAST_VALUES,
): Promise<OpenConfigStore> {
  const location = parseRedisUrl(url);
  if (location === null) throw new Error(`${url} is not accepted`);
  const store = await openRedisConfigStore(location, { maxAgeMs, last, logger });
  opened.push(store);
  return store;
}

/** A server for one test alone. */
async function start(...args: Parameters<typeof startRedis>): Promise<RedisServer> {
  const server = await startRedis(...args);
  servers.push(server);
  return server;
}

async function reasonOf(store: OpenConfigStore): Promise<string> {
  return (await readRollout(store)).reason;
}

async function reads(read: () => unknown, expected: unknown): Promise<void> {
  await expect.poll(read, { interval: 1 }).toEqual(expected);
}

async function holds(store: OpenConfigStore, pct: string | null): Promise<void> {
  await reads(() => store.get("edgezero_rollout_pct"), pct);
}

function warnings(): LogLine[] {
  return lines.filter(({ level }) => level === "warn");
}

describeWithRedis("Redis config store", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(async () => redis.write(VALUES));
  afterAll(async () => redis?.close());

  describeConfigStore(async () => {
    const store = await open(redis.url);
    return {
      store,
      async write(values) {
        await redis.write(values);
        const keys = ["edgezero_enabled", "edgezero_rollout_pct"];
        await reads(
          () => keys.map((key) => reading(store, key)),
          keys.map((key) => values[key] ?? null),
        );
      },
      async breakStore() {
        await redis.command("SET", KEY, "no hash");
        await reads(() => reasonOf(store), "store-unavailable");
      },
      async close() {},
    };
  });

  test("once it is open, it holds the values, and reads nothing for a request", async () => {
    const store = await open(redis.url);
    expect(store.get("edgezero_rollout_pct")).toBe("10");
    const calls = async (): Promise<number> => {
      const stats = String(await redis.command("INFO", "commandstats"));
      return Number(/cmdstat_hmget:calls=(\d+)/.exec(stats)?.[1]);
    };
    const before = await calls();
    for (let i = 0; i < 100_000; i++) store.get("edgezero_rollout_pct");
    expect((await calls()) - before).toBeLessThan(20);
  });

  test("a change is pushed: 50 of them arrive in less time than polls would take", async () => {
    const store = await open(redis.url);
    const startedAt = performance.now();
    for (let i = 1; i <= 50; i++) {
      await redis.command("HSET", KEY, "edgezero_rollout_pct", `${i}`);
      await holds(store, `${i}`);
    }
    // A poll each would take 50 seconds; the bound leaves a loaded machine 400 ms for each change.
    expect(performance.now() - startedAt).toBeLessThan(20_000);
  });

  test("both keys, written together, are never seen apart", async () => {
    const store = await open(redis.url);
    await redis.write({ edgezero_enabled: "0", edgezero_rollout_pct: "0" });
    await holds(store, "0");
    const apart: unknown[] = [];
    const watch = setInterval(() => {
      const flag = store.get("edgezero_enabled");
      const pct = store.get("edgezero_rollout_pct");
      if (flag !== pct) apart.push([flag, pct]);
    });
    for (let i = 1; i <= 300; i++) {
      await redis.command("HSET", KEY, "edgezero_enabled", `${i}`, "edgezero_rollout_pct", `${i}`);
    }
    await holds(store, "300");
    clearInterval(watch);
    expect(apart).toEqual([]);
  });

  test("a hash that is deleted, or whose time is up, and all data flushed: absent", async () => {
    const store = await open(redis.url);
    for (const gone of [
      ["DEL", KEY],
      ["PEXPIRE", KEY, "1"],
      ["FLUSHALL"],
      ["HDEL", KEY, ...Object.keys(VALUES)],
    ]) {
      await redis.write(VALUES);
      await holds(store, "10");
      await redis.command(...gone);
      await holds(store, null);
      expect(await reasonOf(store)).toBe("disabled");
    }
  });

  test("another key and another database", async () => {
    const store = await open(`${redis.url}/3?key=staging:rollout`);
    expect(store.get("edgezero_rollout_pct")).toBeNull();
    // Databases share the names of keys, but not their changes.
    await redis.command(
      "EVAL",
      "redis.call('SELECT', 3); return redis.call('HSET', KEYS[1], 'edgezero_rollout_pct', '7')",
      "1",
      "staging:rollout",
    );
    await holds(store, "7");
  });

  test("a change is told in the log, with what was read", async () => {
    const store = await open(redis.url);
    await redis.command("HSET", KEY, "edgezero_rollout_pct", "20\n");
    await holds(store, "20\n");
    expect(lines).toEqual([
      {
        level: "info",
        message: "config store changed",
        fields: { config: redis.url, edgezero_enabled: '"true"', edgezero_rollout_pct: '"20\\n"' },
      },
    ]);
  });
});

describeWithRedis("a Redis that is broken", () => {
  test("down at the start: legacy, one warning, and mended once it comes", async () => {
    const server = await start();
    await server.kill();
    const store = await open(server.url);
    expect(await reasonOf(store)).toBe("store-unavailable");
    await server.start();
    await server.write(VALUES);
    await expect.poll(() => reasonOf(store)).toBe("bucket");
    expect(warnings()).toEqual([
      {
        level: "warn",
        message: BROKEN,
        fields: { config: server.url, error: expect.stringContaining("ECONNREFUSED") as string },
      },
    ]);
  });

  test.each(["SIGKILL", "SIGSTOP"] as const)(
    "after %s the last values stand for the bound, then legacy; and it comes back",
    async (signal) => {
      const server = await start();
      await server.write(VALUES);
      // A read that gets no answer is given up within 3 seconds, of a machine that does not stand still.
      const maxAgeMs = 9000;
      const store = await open(server.url, maxAgeMs);
      if (signal === "SIGKILL") await server.kill();
      else server.child().kill("SIGSTOP");
      const downAt = performance.now();

      let soundUntil = downAt;
      for (;;) {
        const now = performance.now();
        if (reading(store, "edgezero_rollout_pct") !== "10") break;
        soundUntil = now;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      // A read that was sent just before the signal may still be answered.
      expect(soundUntil - downAt).toBeLessThanOrEqual(maxAgeMs + 50);
      expect(await reasonOf(store)).toBe("store-unavailable");
      await expect
        .poll(() => warnings().map(({ message }) => message))
        .toEqual(["config store is out of reach, its last values stand for now", BROKEN]);

      if (signal === "SIGKILL") await server.start();
      else server.child().kill("SIGCONT");
      await server.write({ ...VALUES, edgezero_rollout_pct: "30" });
      await expect.poll(() => reading(store, "edgezero_rollout_pct")).toBe("30");
      expect(lines.map(({ message }) => message)).toContain("config store is read again");
      expect(warnings()).toHaveLength(2);
    },
  );

  test("paused for less than the bound: the values stand, and a change made meanwhile arrives", async () => {
    const server = await start();
    await server.write(VALUES);
    const store = await open(server.url);
    server.child().kill("SIGSTOP");
    const write = server.write({ ...VALUES, edgezero_rollout_pct: "40" });
    await expect.poll(() => warnings().length, { timeout: 20_000 }).toBe(1);
    expect(store.get("edgezero_rollout_pct")).toBe("10");
    server.child().kill("SIGCONT");
    await write;
    await expect.poll(() => store.get("edgezero_rollout_pct")).toBe("40");
  });

  test("its connections cut, again and again: the values stand throughout", async () => {
    const server = await start();
    await server.write(VALUES);
    const store = await open(server.url);
    for (let i = 0; i < 20; i++) {
      await server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      expect(store.get("edgezero_rollout_pct")).toMatch(/^\d+$/);
      await server.command("HSET", KEY, "edgezero_rollout_pct", `${i}`);
      await holds(store, `${i}`);
    }
  });

  test("a wrong type at the key: broken at once, and mended on the same connection", async () => {
    const server = await start();
    await server.write(VALUES);
    const store = await open(server.url);
    await server.command("SET", KEY, "true");
    await expect.poll(() => reasonOf(store)).toBe("store-unavailable");
    await server.write(VALUES);
    await expect.poll(() => reasonOf(store)).toBe("bucket");
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ["warn", BROKEN],
      ["info", "config store is read again"],
    ]);
    expect(lines[0]?.fields?.["error"]).toContain("WRONGTYPE");
  });
});

describeWithRedis("a Redis that asks who is there", () => {
  const PASSWORD = "s3cret p@ss/word";
  const withPassword = (port: number): string =>
    `redis://:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`;

  test("with the password in the URL it is read", async () => {
    const server = await start(["--requirepass", PASSWORD], withPassword);
    await server.write(VALUES);
    expect((await open(server.url)).get("edgezero_rollout_pct")).toBe("10");
  });

  test.each([
    ["a wrong one", "redis://:wr0ng@127.0.0.1:", "WRONGPASS"],
    ["none", "redis://127.0.0.1:", "NOAUTH"],
    ["an unknown user", "redis://us3r:wr0ng@127.0.0.1:", "WRONGPASS"],
  ])("%s: legacy, with one warning that shows no password", async (_, url, why) => {
    const server = await start(["--requirepass", PASSWORD], withPassword);
    await server.write(VALUES);
    const store = await open(`${url}${server.port}`);
    expect(await reasonOf(store)).toBe("store-unavailable");
    expect(warnings()).toHaveLength(1);
    expect(warnings()[0]?.fields?.["error"]).toContain(why);
    expect(JSON.stringify(lines)).not.toMatch(/s3cret|wr0ng|us3r/);
  });

  test("a password that is changed under it: broken at once", async () => {
    const server = await start(["--requirepass", PASSWORD], withPassword);
    await server.write(VALUES);
    const store = await open(server.url);
    await server.kill();
    await server.start(["--requirepass", "another"]);
    await expect.poll(() => reasonOf(store)).toBe("store-unavailable");
    expect(() => store.get("edgezero_enabled")).toThrow("WRONGPASS");
  });

  test("a user with no more rights than the README names is enough; without hmget it is refused", async () => {
    const server = await start();
    await server.write(VALUES);
    const rules = [
      "reset",
      "on",
      ">pw",
      "~trusted_server_config",
      "+hmget",
      "+client|tracking",
      "+hello",
    ];
    await server.command("ACL", "SETUSER", "gateway", ...rules);
    const url = `redis://gateway:pw@127.0.0.1:${server.port}`;
    const store = await open(url);
    expect(store.get("edgezero_rollout_pct")).toBe("10");
    await server.command("HSET", KEY, "edgezero_rollout_pct", "20");
    await holds(store, "20");

    await server.command("ACL", "SETUSER", "gateway", "-hmget");
    await expect.poll(() => reasonOf(store)).toBe("store-unavailable");
    expect(() => store.get("edgezero_enabled")).toThrow("NOPERM");
    await server.command("ACL", "SETUSER", "gateway", "+hmget", "-client|tracking");
    await expect.poll(() => reasonOf(store)).toBe("bucket");
  });
});

/** The value, or what was thrown. */
function reading(store: OpenConfigStore, key: string): unknown {
  try {
    return store.get(key);
  } catch (error) {
    return error instanceof Error ? error.name : error;
  }
}

describeWithRedis("a Redis that refuses to report changes", () => {
  const POLLED = "config store reports no changes, it is read again and again instead";

  test.each([
    { name: "the command is not permitted", rules: ["+@all", "-client|tracking"], why: "NOPERM" },
    { name: "nor the newer protocol", rules: ["+hmget"], why: "NOPERM" },
  ])("$name: it is polled, which is said once", async ({ rules, why }) => {
    const server = await start();
    await server.write(VALUES);
    await server.command("ACL", "SETUSER", "gateway", "reset", "on", ">pw", "~*", ...rules);
    const store = await open(`redis://gateway:pw@127.0.0.1:${server.port}`);
    expect(await reasonOf(store)).toBe("bucket");
    await server.command("HSET", KEY, "edgezero_rollout_pct", "20");
    await expect.poll(() => store.get("edgezero_rollout_pct"), { timeout: 10_000 }).toBe("20");
    await server.command("CLIENT", "KILL", "USER", "gateway");
    await server.command("HSET", KEY, "edgezero_rollout_pct", "30");
    await expect.poll(() => store.get("edgezero_rollout_pct"), { timeout: 10_000 }).toBe("30");
    const said = warnings().filter(({ message }) => message === POLLED);
    expect(said).toHaveLength(1);
    expect(said[0]?.fields).toMatchObject({ error: expect.stringContaining(why) as string });
  });

  test("the commands are unknown: it is polled", async () => {
    const server = await start(["--rename-command", "HELLO", "", "--rename-command", "CLIENT", ""]);
    const store = await open(server.url);
    expect(await reasonOf(store)).toBe("disabled");
    expect(warnings().map(({ message }) => message)).toEqual([POLLED]);
  });
});

function keptFor(standsForMs: number): LastValues & { readonly calls: string[] } {
  const calls: string[] = [];
  const now = performance.now();
  return {
    calls,
    kept: { values: VALUES, readAt: now - 1000, standsUntil: now + standsForMs },
    keep: (values) => calls.push(String(values.edgezero_rollout_pct)),
    forget: () => calls.push("forget"),
  };
}

describeWithRedis("values that are kept for this process", () => {
  test("stand while the server is away, and never over what it says once it is there", async () => {
    const server = await start();
    await server.kill();
    const last = keptFor(LONG_MS);
    const store = await open(server.url, 5000, last);
    expect(await reasonOf(store)).toBe("bucket");
    expect(store.confirmedAt()).toBe(last.kept?.readAt);
    expect(warnings().map(({ message }) => message)).toEqual([
      "config store is out of reach, its last values stand for now",
    ]);
    expect(last.calls).toEqual([]);
    await server.start();
    await expect.poll(() => reasonOf(store)).toBe("disabled");
    expect(last.calls[0]).toBe("null");
  });

  test("do not stand once their time is up", async () => {
    const server = await start();
    await server.kill();
    const store = await open(server.url, LONG_MS, keptFor(-1));
    expect(await reasonOf(store)).toBe("store-unavailable");
  });

  test("do not stand over a refusal, and are forgotten", async () => {
    const server = await start(
      ["--requirepass", "another"],
      (port) => `redis://:another@127.0.0.1:${port}`,
    );
    const last = keptFor(LONG_MS);
    const store = await open(`redis://:wr0ng@127.0.0.1:${server.port}`, LONG_MS, last);
    expect(await reasonOf(store)).toBe("store-unavailable");
    expect(last.calls).toContain("forget");
  });
});
