import { setTimeout as sleep } from "node:timers/promises";
import { describeWithRedis } from "@edgezero/testbed/redis/describe-with-redis";
import { expect, onTestFinished, test } from "vitest";
import type { ControllerProcess } from "../real/controller-process.ts";
import { startSharedSite } from "../real/shared-site.ts";

const EACH_MS = 10_000;
const MOST_KILLS = 40;
/** For a process that is stopped, longer than a term. */
const STOPPED_MS = 13_000;

describeWithRedis("controllers that are killed and stopped at random", () => {
  test("a healthy rollout completes, one stage after the other", { timeout: 600_000 }, async () => {
    const site = await startSharedSite();
    onTestFinished(async () => site.close());
    const running: ControllerProcess[] = [await site.start("0"), await site.start("1")];
    await running[0]?.until(({ state, pct }) => state === "idle" && pct !== null, 30_000);
    await running[0]?.ask("start");
    const isCompleted = async (): Promise<boolean> => {
      const views = await Promise.all(running.map(async (each) => each.view().catch(() => null)));
      return views.some((view) => view?.state === "completed");
    };
    let kills = 0;
    // Each second one is stopped instead, and wakes when another one may lead.
    for (; kills < MOST_KILLS && !(await isCompleted()); kills += 1) {
      // oxlint-disable-next-line no-await-in-loop -- The time between two faults is the test.
      await sleep(EACH_MS);
      const at = Math.random() < 0.5 ? 0 : 1;
      const chosen = running[at];
      if (chosen === undefined) throw new Error("no controller");
      if (kills % 2 === 0) {
        // oxlint-disable-next-line no-await-in-loop -- One fault after the other.
        await chosen.end("SIGKILL");
        // oxlint-disable-next-line no-await-in-loop -- As above.
        running[at] = await site.start(String(at));
      } else {
        process.kill(chosen.pid, "SIGSTOP");
        // oxlint-disable-next-line no-await-in-loop -- As above.
        await sleep(STOPPED_MS);
        process.kill(chosen.pid, "SIGCONT");
      }
    }
    console.info(`completed after ${kills} faults`);
    expect(await isCompleted()).toBe(true);
    expect(await site.raises()).toEqual([10, 50, 100]);
  });
});
