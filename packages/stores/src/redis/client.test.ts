import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withClient } from "./client.ts";
import { parseRedisUrl } from "./location.ts";

/** Sets a key there, and gives what the connection is made of. */
async function madeOf(url: string, text: string): Promise<unknown> {
  const place = parseRedisUrl(url);
  if (place === null) throw new Error("no Redis URL");
  return withClient(place, "unknown", async (client) => {
    await client.set("text", text);
    return Object.getPrototypeOf(client) as unknown;
  });
}

describeWithRedis("a connection to Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis(
      ["--requirepass", "s3cret"],
      (port) => `redis://:s3cret@127.0.0.1:${port}`,
    );
  });
  afterAll(async () => redis?.close());

  test("costs no class of its own for another URL, and goes where that says", async () => {
    const [one, other] = [`${redis.url}/1`, `${redis.url}/2`];
    expect(await madeOf(one, "in 1")).toBe(await madeOf(other, "in 2"));
    expect(await redis.command("GET", "text")).toBeNull();
    for (const [url, text] of [
      [one, "in 1"],
      [other, "in 2"],
    ] as const) {
      const place = parseRedisUrl(url);
      if (place === null) throw new Error("no Redis URL");
      expect(await withClient(place, "unknown", async (client) => client.get("text"))).toBe(text);
    }
  });

  test("of one URL has no password for another", async () => {
    await madeOf(redis.url, "known");
    await expect(madeOf(`redis://127.0.0.1:${redis.port}`, "unknown")).rejects.toThrow(
      "it wants a password",
    );
  });
});
