import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ControllerProcess } from "../real/controller-process.ts";
import type { SharedSite } from "../real/shared-site.ts";
import { startSharedSite } from "../real/shared-site.ts";
import type { SwitchedRedis } from "../real/switched-redis.ts";
import { startSwitchedRedis } from "../real/switched-redis.ts";

const LIMIT_MS = 240_000;

/** The lease on a replica is old: after a failover either one may lead, and the tests hold for both. */
describeWithRedis("two controllers on a Redis that fails over to a replica that lags", () => {
  let redis: SwitchedRedis;
  let site: SharedSite;
  let first: ControllerProcess;
  let second: ControllerProcess;
  beforeEach(async () => {
    redis = await startSwitchedRedis();
    site = await startSharedSite({ place: { redis: redis.primary, url: redis.url } });
    first = await site.start("a");
    await first.until(({ state, pct }) => state === "idle" && pct !== null, 30_000);
    second = await site.start("b");
    await first.ask("start");
  }, 120_000);
  afterEach(async () => {
    await site?.close();
    await redis?.close();
  });

  const pctNow = async (): Promise<string | null> => (await site.values()).edgezero_rollout_pct;

  async function firstAt(pct: number): Promise<void> {
    await first.until((view) => view.state === "observing" && view.pct === pct, 90_000);
  }

  /** Waits for a view of the one that leads, whichever that is. */
  async function either(isThere: (view: EnvironmentView) => boolean): Promise<EnvironmentView> {
    return Promise.any([first, second].map(async (each) => each.until(isThere, 120_000)));
  }

  /** Fails over: the store has a percentage of before again. */
  async function failOverTo(pct: string): Promise<void> {
    await redis.failOver();
    expect(await pctNow()).toBe(pct);
  }

  /** The store has 0 again, and whichever leads shows the rollout as rolled back. */
  async function rolledBack(): Promise<void> {
    await expect.poll(pctNow, { timeout: 60_000 }).toBe("0");
    await either(({ state, pct }) => state === "rolled-back" && pct === 0);
    expect(await pctNow()).toBe("0");
  }

  test("a 0 is lost: it is written again, and proven", { timeout: LIMIT_MS }, async () => {
    await firstAt(10);
    await redis.cutReplica();
    site.failing(1);
    await first.until(({ state }) => state === "rolled-back", 60_000);
    // From here on EdgeZero is well: only the controller that wrote the 0 knows of it.
    site.failing(0);
    await failOverTo("10");
    await rolledBack();
    expect(await site.raises()).toEqual([10]);
  });

  test(
    "a 0 is lost while its controller sleeps: another leads, and the 0 is written when it wakes",
    { timeout: LIMIT_MS },
    async () => {
      await firstAt(10);
      await redis.cutReplica();
      site.failing(1);
      await first.until(({ state }) => state === "rolled-back", 60_000);
      site.failing(0);
      process.kill(first.pid, "SIGSTOP");
      await failOverTo("10");
      await second.until(({ pct }) => pct !== null && pct >= 10, 60_000);
      process.kill(first.pid, "SIGCONT");
      await rolledBack();
      // The other one may have raised by its plan meanwhile. It went back to 0 all the same.
      expect((await site.raises())[0]).toBe(10);
    },
  );

  test(
    "a 0 is lost and its controller dies: the other one rolls back by the same breach",
    { timeout: LIMIT_MS },
    async () => {
      await firstAt(10);
      await redis.cutReplica();
      site.failing(1);
      await first.until(({ rollback }) => (rollback?.writtenAt ?? null) !== null, 60_000);
      await Promise.all([first.end("SIGKILL"), failOverTo("10")]);
      await second.until(({ state, pct }) => state === "rolled-back" && pct === 0, 90_000);
      expect(await pctNow()).toBe("0");
      expect(await site.raises()).toEqual([10]);
    },
  );

  test(
    "a raise is lost: the rollout is held or goes on from the stage before, and skips none",
    { timeout: LIMIT_MS },
    async () => {
      await firstAt(10);
      await redis.cutReplica();
      await first.until(({ pct, state }) => pct === 50 && state !== "observing", 90_000);
      await failOverTo("10");
      const { state: end } = await either(({ state }) => state === "completed" || state === "held");
      console.info(`a lost raise ends in: ${end}`);
      const raises = await site.raises();
      // The one that wrote it holds. Another one that leads knows of no raise, and makes it once more.
      expect(raises).toEqual(end === "held" ? [10, 50] : [10, 50, 50, 100]);
      expect(await pctNow()).toBe(end === "held" ? "10" : "100");
    },
  );
});
