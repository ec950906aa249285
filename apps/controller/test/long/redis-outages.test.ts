import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { afterEach, beforeEach, expect, test } from "vitest";
import { setTimeout as sleep } from "node:timers/promises";
import type { ControllerProcess } from "../real/controller-process.ts";
import type { SharedSite } from "../real/shared-site.ts";
import { startSharedSite } from "../real/shared-site.ts";

const LIMIT_MS = 240_000;
/** Longer than a term of the lease. */
const PAUSED_MS = 13_000;

describeWithRedis("two controllers on a Redis that is away for a while", () => {
  let site: SharedSite;
  let first: ControllerProcess;
  let second: ControllerProcess;
  beforeEach(async () => {
    site = await startSharedSite();
    first = await site.start("a");
    await first.until(({ state, pct }) => state === "idle" && pct !== null, 30_000);
    second = await site.start("b");
    await first.ask("start");
    await first.until(({ state, pct }) => state === "observing" && pct === 10, 90_000);
  }, 150_000);
  afterEach(async () => site?.close());

  const pctNow = async (): Promise<string | null> => (await site.values()).edgezero_rollout_pct;

  /** Which of both leads, once exactly one does. */
  async function leader(): Promise<ControllerProcess> {
    let leads: ControllerProcess[] = [];
    await expect
      .poll(
        async () => {
          const both = [first, second];
          const views = await Promise.all(both.map(async (each) => each.view()));
          leads = both.filter((_, i) => !/^(following|unavailable)$/.test(views[i]?.state ?? ""));
          return leads.length;
        },
        { timeout: 30_000 },
      )
      .toBe(1);
    if (leads[0] === undefined) throw new Error("nobody leads");
    return leads[0];
  }

  /** The time in which the server does not answer is the test. */
  async function pauseServer(): Promise<void> {
    site.redis.child().kill("SIGSTOP");
    await sleep(PAUSED_MS);
    site.redis.child().kill("SIGCONT");
  }

  test(
    "paused for longer than a term: one leads, and the rollout goes through its stages once",
    { timeout: LIMIT_MS },
    async () => {
      await pauseServer();
      const leads = await leader();
      await leads.until(({ state }) => state === "completed", 120_000);
      expect(await site.raises()).toEqual([10, 50, 100]);
      expect(await leader()).toBe(leads);
    },
  );

  test(
    "paused for longer than a term after a 0: it stays 0, and nobody raises",
    { timeout: LIMIT_MS },
    async () => {
      site.failing(1);
      await first.until(({ rollback }) => (rollback?.writtenAt ?? null) !== null, 60_000);
      site.failing(0);
      await pauseServer();
      const leads = await leader();
      await leads.until(({ state, pct }) => state === "rolled-back" && pct === 0, 60_000);
      expect(await pctNow()).toBe("0");
      expect(await site.raises()).toEqual([10]);
    },
  );

  test(
    "started empty: legacy serves all, the lease goes back to one, and nobody raises",
    { timeout: LIMIT_MS },
    async () => {
      await site.redis.kill();
      await site.redis.start();
      const leads = await leader();
      await leads.until(({ state }) => state === "rolled-back" || state === "held", 60_000);
      // The keys are not there: every client goes to legacy, and only an operator writes them again.
      expect(await site.values()).toEqual({
        edgezero_enabled: null,
        edgezero_rollout_pct: null,
      });
      expect(await site.raises()).toEqual([10]);
    },
  );
});
