import { afterEach, describe, expect, test } from "vitest";
import { startCloudflare } from "./cloudflare-platform.ts";
import type { ControllerProcess } from "./controller-process.ts";
import { startController } from "./controller-process.ts";
import type { EdgeSite } from "./edge-site.ts";
import { DELAY_MS, startEdgeSite } from "./edge-site.ts";
import { beginRollout, failAtTen, MAY_BE_BUSY, SHORT_PLAN, STAYS_AT_TEN } from "./short-rollout.ts";

/** Fewer than of the Node gateway: workerd and its KV share the machine with all else here. */
const PER_SECOND = 100;

let site: EdgeSite;
let controller: ControllerProcess;

async function begin(plan: object): Promise<void> {
  site = await startEdgeSite(await startCloudflare(), plan, PER_SECOND);
  controller = await startController(site, site.variables);
  site.shipTo(controller.url);
  await beginRollout(controller);
}

describe("by the events of the Worker in workerd", () => {
  afterEach(async () => {
    await site.stopShipping();
    await controller.end();
    await site.stop();
  }, 60_000);

  test("a healthy rollout completes by itself", MAY_BE_BUSY, async () => {
    await begin(SHORT_PLAN);
    const view = await controller.until(({ state }) => state === "completed", 150_000);
    expect(view).toMatchObject({ pct: 100, stage: 4, next: null, pages: [] });
    expect([...site.load.statuses.keys()]).toEqual([200]);
  });

  test(
    "where all of EdgeZero fails in a stage of 10%, it is rolled back and proven within 10 s and the delay",
    MAY_BE_BUSY,
    async () => {
      await begin(STAYS_AT_TEN);
      const provenMs = await failAtTen(controller, site.edgezero, "events of workerd");
      expect(provenMs).toBeLessThan(10_000 + DELAY_MS);
    },
  );
});
