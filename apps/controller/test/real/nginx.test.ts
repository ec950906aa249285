import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import { describeWithProgram } from "@edgezero/testbed/describe-with-program";
import { nginxMissing } from "@edgezero/testbed/nginx/nginx";
import { afterEach, expect, test } from "vitest";
import type { ControllerProcess } from "./controller-process.ts";
import { startController } from "./controller-process.ts";
import { beginRollout, MAY_BE_BUSY, SHORT_PLAN } from "./short-rollout.ts";
import type { Site } from "./site.ts";
import { startSite } from "./site.ts";

const WORKERS = 4;
const FIRST = { pct: 10, hold: "3s", minRequests: 5 };

describeWithProgram(nginxMissing ?? null, "a gateway of four workers of nginx", () => {
  let site: Site;
  let controller: ControllerProcess;

  afterEach(async () => {
    await controller.end();
    await site.stop();
  });

  async function moreAnswers(): Promise<void> {
    const answered = site.load.statuses.get(200) ?? 0;
    await expect.poll(() => site.load.statuses.get(200) ?? 0).toBeGreaterThan(answered + 100);
  }

  async function begin(stages: readonly object[]): Promise<void> {
    site = await startSite({ ...SHORT_PLAN, stages }, { nginxWorkers: WORKERS });
    controller = await startController(site);
    await beginRollout(controller);
  }

  test("a healthy rollout completes by itself", MAY_BE_BUSY, async () => {
    await begin([FIRST, { pct: 50, hold: "3s" }, { pct: 100, hold: "3s" }]);
    const view = await controller.until(({ state }) => state === "completed", 120_000);
    expect(view).toMatchObject({ pct: 100, stage: 3, pages: [] });
    expect([...site.load.statuses.keys()]).toEqual([200]);
  });

  test(
    "where all of EdgeZero fails, all four are proven to have rolled back",
    MAY_BE_BUSY,
    async () => {
      await begin([{ ...FIRST, hold: "10m" }]);
      await controller.until(({ pct, state }) => pct === 10 && state === "observing", 90_000);
      site.edgezero.failing = 1;
      await controller.until(({ state }) => state === "rolled-back", 60_000);
      const { entries } = await openFileJournal(site.trail).read();
      const rollback = entries.findLast((entry) => entry.kind === "intent");
      expect(rollback).toMatchObject({
        command: "rollback",
        reason: "EdgeZero is worse than the plan allows by the signal errors",
      });
      const results = entries.flatMap((entry) =>
        entry.kind === "result" && entry.command === "rollback" ? [entry.result] : [],
      );
      expect(results).toEqual(["written", "verified"]);
      // Clients go on asking, and get legacy. What was sent before may be read by then.
      await moreAnswers();
      const askedAt = site.edgezero.askedAt;
      await moreAnswers();
      expect(site.edgezero.askedAt).toBe(askedAt);
    },
  );
});
