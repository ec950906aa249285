import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AT_A_TIME, keepInMemory, killEverywhere, NAMES } from "../crash/kill-everywhere.ts";
import { redisPlace } from "../crash/places.ts";

const LIMIT_MS = 480_000;

keepInMemory();

describeWithRedis("killed at each step, with store and trail in Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis(["--databases", String(NAMES.length * AT_A_TIME * 2)]);
  });
  afterAll(async () => redis?.close());

  test.each(NAMES)(
    "of the course `%s`, it goes on and doubles nothing",
    async (name) => {
      // Databases of its own: a course that ran out of time may still be at work in others.
      const first = NAMES.indexOf(name) * AT_A_TIME;
      const places = Array.from({ length: AT_A_TIME }, (_, i) =>
        redisPlace(redis.url, 2 * (first + i)),
      );
      expect(await killEverywhere(name, places)).toBeGreaterThan(20);
    },
    LIMIT_MS,
  );
});
