import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StoredValues } from "@edgezero/stores/operator-store";
import { openStore as openRedisStore } from "@edgezero/stores/redis/operator";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import * as fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { AttackedStore } from "./attacked-rollout.ts";
import { attack, STEP } from "./attacked-rollout.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: 1e12 });
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  vi.spyOn(process.stderr, "write").mockReturnValue(true);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const FILE: AttackedStore = {
  url: (folder) => `file:${join(folder, "rollout.json")}`,
  read: async (folder) =>
    JSON.parse(readFileSync(join(folder, "rollout.json"), "utf8")) as StoredValues,
  put: async (folder, values) =>
    writeFileSync(join(folder, "rollout.json"), JSON.stringify(values)),
};

/** Attacks a store at random. Gives how many raises passed. */
async function attackAtRandom(store: AttackedStore, numRuns: number): Promise<number> {
  let raises = 0;
  const attacks = fc.array(STEP, { minLength: 20, maxLength: 40, size: "max" });
  await fc.assert(
    fc.asyncProperty(attacks, async (steps) => {
      vi.setSystemTime(1e12);
      const found = await attack(store, steps);
      raises += found.raises;
      expect(found.wrong).toEqual([]);
    }),
    { numRuns },
  );
  return raises;
}

describe("no order of commands, and no edit of the trail, leads the real command around the plan", () => {
  test("on a file", { timeout: 300_000 }, async () => {
    // Otherwise the attacks would prove little.
    expect(await attackAtRandom(FILE, 60)).toBeGreaterThan(50);
  });

  describeWithRedis("on Redis", () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(async () => redis?.close());

    test("by two keys of a hash", { timeout: 300_000 }, async () => {
      const store = openRedisStore(redis.url);
      const raises = await attackAtRandom(
        {
          url: () => redis.url,
          read: async () => store.read(),
          put: async (_, { edgezero_enabled, edgezero_rollout_pct }) =>
            store.overwrite(
              {
                edgezero_enabled: edgezero_enabled ?? "false",
                edgezero_rollout_pct: edgezero_rollout_pct ?? "0",
              },
              "ann",
            ),
        },
        30,
      );
      expect(raises).toBeGreaterThan(20);
    });
  });
});

describe("whoever can write the trail, and not its head, gains nothing by", () => {
  test.each([
    { name: "a forged hold", steps: "set 1; edit forge hold; next", raises: 1 },
    { name: "a forged end", steps: "set 1; edit forge end; next", raises: 1 },
    { name: "a trail that is all forged", steps: "set 1; edit forge all; next", raises: 1 },
    {
      name: "a forged trail that a change to the same percentage would cover",
      steps: "set 1; wait 31; next; spell 010; edit forge all; set 10; next",
      raises: 2,
    },
    {
      name: "numbers by which another entry stands where the head's own is due",
      steps: "set 1; wait 31; next; spell 010; set 10; set 5; set 1; edit renumber all; next",
      raises: 2,
    },
    {
      name: "a forged hold while the clock is behind",
      steps: "set 1; edit forge hold; clock-back 1; next",
      raises: 1,
    },
    {
      name: "a forged hold that stands there twice",
      steps: "set 1; edit forge hold; edit twice; next",
      raises: 1,
    },
    {
      name: "a forged hold that stands there twice, and that a change would cover",
      steps: "set 1; wait 31; next; spell 010; edit forge hold; edit twice; set 10; next",
      raises: 2,
    },
    {
      name: "a forged hold after a kill before the head was written",
      steps: "set 1; wait 31; killed next; edit forge hold; next",
      raises: 2,
    },
  ])("$name", async ({ steps, raises }) => {
    expect(await attack(FILE, steps.split("; "))).toEqual({ wrong: [], raises });
  });
});
