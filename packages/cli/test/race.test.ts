// Once a rollback has said that the store holds it, no command that began before it takes effect.
import { setTimeout as sleep } from "node:timers/promises";
import type { RedisServer } from "@edgezero/testbed/redis/redis-server";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openStore as openRedisStore } from "@edgezero/stores/redis/operator";
import type { Operator } from "./operator.ts";
import { AT_10, createOperator } from "./operator.ts";
import { runCli } from "./run-cli.ts";
import { runStepped } from "./run-stepped.ts";

const AT_0 = { ...AT_10, edgezero_rollout_pct: "0" };

let operator: Operator;

beforeEach(() => {
  operator = createOperator();
});
afterEach(() => operator.cleanUp());

describe("a set that stands still while another rolls back", () => {
  test.each([
    [
      "its entry is in the trail, which it holds",
      (what: string) => /^rm .*\/rollout\.audit\.appending$/.test(what),
    ],
    [
      "its new file is about to be written",
      (what: string) => /^open .*\.rollout\.json\./.test(what),
    ],
    [
      "its new file lies beside the old one",
      (what: string) => /^renameSync .*\/rollout\.json$/.test(what),
    ],
  ])("once %s", async (_, isDue) => {
    for (const values of [AT_10, AT_0]) {
      operator.cleanUp();
      operator = createOperator(values);
      const codes: (number | null)[] = [];
      await runStepped(operator, ["set", "50", "--yes"], async ({ what }) => {
        if (codes.length > 0 || !isDue(what)) return;
        expect(operator.entries().map(({ kind }) => kind)).toEqual(["intent"]);
        codes.push((await operator.run("rollback --accept-unverified")).code);
      });
      expect(codes).toEqual([0]);
      expect(operator.values()).toEqual(AT_0);
      expect((await operator.run("log --verify")).code).toBe(0);
    }
  });
});

/**
 * Two operators move it up again and again, while a third rolls back once. Gives the percentages that
 * may be left: where the store held the rollback, those of commands that may have begun after it.
 */
async function race(env: Record<string, string> = {}): Promise<string[]> {
  let rollbackAt = Infinity;
  const younger = new Set<string>();
  const moveUp = async (pcts: readonly number[]): Promise<void> => {
    for (const pct of pcts) {
      // It says who moves once it has begun, and may be older than the rollback until then.
      let isOlder = true;
      await runCli(["set", String(pct), "--yes"], {
        cwd: operator.folder,
        env: { EDGEZERO_STORE: "file:./rollout.json", ...env },
        onStderr: () => (isOlder &&= performance.now() < rollbackAt),
      });
      if (!isOlder) younger.add(String(pct));
    }
  };
  const moves = [moveUp([11, 12, 13, 14]), moveUp([21, 22, 23, 24])];
  await sleep(Math.random() * 500);
  rollbackAt = performance.now();
  const { code } = await operator.run("rollback --accept-unverified", env);
  await Promise.all(moves);
  const any = [11, 12, 13, 14, 21, 22, 23, 24].map(String);
  return code === 0 ? ["0", ...younger] : ["0", "10", ...any];
}

test("many at once on a file: none comes after a rollback that the store held", async () => {
  for (const values of [AT_10, AT_0, AT_10]) {
    operator.put(values);
    const possible = await race();
    expect(possible).toContain(operator.values()["edgezero_rollout_pct"]);
    expect((await operator.run("log --verify")).code).toBe(0);
  }
}, 180_000);

describeWithRedis("on Redis", () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(async () => redis?.close());

  test("many at once: none comes after a rollback that the store held", async () => {
    const store = openRedisStore(redis.url);
    for (const values of [AT_10, AT_0, AT_10]) {
      await store.overwrite(values, "ann");
      const possible = await race({ EDGEZERO_STORE: redis.url });
      expect(possible).toContain((await store.read()).edgezero_rollout_pct);
    }
  }, 180_000);
});
