import { setTimeout as sleep } from "node:timers/promises";
import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { startRedis } from "@edgezero/testbed/redis/redis-server";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ControllerProcess } from "../real/controller-process.ts";
import type { FourGateways } from "../real/four-gateways.ts";
import { startFourGateways } from "../real/four-gateways.ts";
import type { SharedSite } from "../real/shared-site.ts";
import { startSharedSite } from "../real/shared-site.ts";

const EACH_MS = 10_000;
const MOST_KILLS = 40;
/** The promise, from the stop of the one that leads to what the other one shows. */
const TAKEOVER_MS = 15_000;
/** From the first failure, or from the takeover, to the proof. */
const ALONE_MS = 10_000;
const LIMIT_MS = 240_000;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const isRollingBack = ({ rollback }: EnvironmentView): boolean => rollback !== null;

/** Starts the rollout, and waits until a part of the clients is on EdgeZero. */
async function atTen(first: ControllerProcess): Promise<void> {
  await first.ask("start");
  await first.until(({ state, pct }) => state === "observing" && pct === 10, 90_000);
}

describeWithRedis("four gateways, Redis and two controllers", () => {
  let gateways: FourGateways;
  let site: SharedSite;
  beforeEach(async () => {
    const redis = await startRedis();
    gateways = await startFourGateways(redis.url);
    site = await startSharedSite({ place: { redis, url: redis.url }, gateways });
  }, 60_000);
  afterEach(async () => site?.close(), 60_000);

  async function begin(): Promise<ControllerProcess> {
    const first = await site.start("0");
    await first.until(({ state, pct }) => state === "idle" && pct !== null, 30_000);
    return first;
  }

  /** Every gateway decides by these values, and each is another process. */
  async function expectServed(path: "legacy" | "edgezero", pct: number): Promise<void> {
    const answers = await gateways.answers();
    expect(answers).toEqual(answers.map(() => expect.objectContaining({ path, pct })));
    expect(new Set(answers.map((each) => each?.instance)).size).toBe(4);
    expect(new Set(answers.map((each) => each?.epoch)).size).toBe(1);
  }

  /** Every gateway decides by the 0, and clients get answers, not one of them from EdgeZero. */
  async function expectRolledBack(): Promise<void> {
    const { askedAt } = gateways.edgezero;
    await expectServed("legacy", 0);
    const before = gateways.statuses().get(200) ?? 0;
    await expect.poll(() => gateways.statuses().get(200) ?? 0).toBeGreaterThan(before + 100);
    expect(gateways.edgezero.askedAt).toBe(askedAt);
    expect((await site.values()).edgezero_rollout_pct).toBe("0");
    expect(await site.raises()).toEqual([10]);
  }

  test(
    "a healthy rollout completes while controllers are killed at random",
    {
      timeout: 600_000,
    },
    async () => {
      const begunAt = performance.now();
      const running = [await begin(), await site.start("1")];
      await running[0]?.ask("start");
      const isCompleted = async (): Promise<boolean> => {
        const views = await Promise.all(running.map(async (each) => each.view()));
        return views.some(({ state }) => state === "completed");
      };
      let kills = 0;
      for (; kills < MOST_KILLS && !(await isCompleted()); kills += 1) {
        // oxlint-disable-next-line no-await-in-loop -- The time between two kills is the test.
        await sleep(EACH_MS);
        const at = Math.random() < 0.5 ? 0 : 1;
        // oxlint-disable-next-line no-await-in-loop -- One kill after the other.
        await running[at]?.end("SIGKILL");
        // oxlint-disable-next-line no-await-in-loop -- As above.
        running[at] = await site.start(String(at));
      }
      console.info(`completed in ${seconds(performance.now() - begunAt)}, after ${kills} kills`);
      expect(await isCompleted()).toBe(true);
      expect(kills).toBeGreaterThan(0);
      expect(await site.raises()).toEqual([10, 50, 100]);
      await expectServed("edgezero", 100);
      expect([...gateways.statuses().keys()]).toEqual([200]);
    },
  );

  test(
    "by one controller alone, a faulty EdgeZero is rolled back and proven",
    {
      timeout: LIMIT_MS,
    },
    async () => {
      const first = await begin();
      await atTen(first);
      site.failing(1);
      const since = performance.now();
      await first.until(({ state }) => state === "rolled-back", 60_000);
      const provenMs = performance.now() - since;
      console.info(`alone, proven ${seconds(provenMs)} after the first failure`);
      expect(provenMs).toBeLessThan(ALONE_MS);
      await expectRolledBack();
      const results = (await site.entries()).flatMap((entry) =>
        entry.kind === "result" && entry.command === "rollback" ? [entry.result] : [],
      );
      expect(results).toEqual(["written", "verified"]);
    },
  );

  test.each([
    { moment: "EdgeZero begins to fail", isThere: () => true },
    { moment: "it begins to roll back", isThere: isRollingBack },
  ])(
    "with the leader stopped as $moment, the other one takes over in time and proves the rollback",
    { timeout: LIMIT_MS },
    async ({ moment, isThere }) => {
      const first = await begin();
      const second = await site.start("1");
      await atTen(first);
      site.failing(1);
      await first.until(isThere, 60_000);
      process.kill(first.pid, "SIGSTOP");
      const since = performance.now();
      await second.until(({ pct }) => pct !== null, 60_000);
      const takenMs = performance.now() - since;
      // By signed probes of every gateway: nothing else ends in this state where probes can be signed.
      await second.until(({ state }) => state === "rolled-back", 60_000);
      const provenMs = performance.now() - since;
      console.info(
        `stopped as ${moment}: taken over in ${seconds(takenMs)}, proven after ${seconds(provenMs)}`,
      );
      expect(takenMs).toBeLessThan(TAKEOVER_MS);
      expect(provenMs - takenMs).toBeLessThan(ALONE_MS);
      await expectRolledBack();
      process.kill(first.pid, "SIGCONT");
      await first.until(({ state }) => state === "following", 30_000);
      await expectRolledBack();
      expect(await second.view()).toMatchObject({ state: "rolled-back", pct: 0 });
    },
  );
});
