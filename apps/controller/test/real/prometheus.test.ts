import { openFileJournal } from "@edgezero/operations/journal/file/file-journal";
import type { PrometheusServer } from "@edgezero/testbed/prometheus/prometheus-server";
import { startPrometheus } from "@edgezero/testbed/prometheus/prometheus-server";
import { describeWithPrometheus } from "@edgezero/testbed/prometheus/promtool";
import { afterEach, expect, test } from "vitest";
import type { ControllerProcess } from "./controller-process.ts";
import { startController } from "./controller-process.ts";
import { beginRollout, failAtTen, MAY_BE_BUSY, SHORT_PLAN, STAYS_AT_TEN } from "./short-rollout.ts";
import type { Site } from "./site.ts";
import { startSite } from "./site.ts";

/** How often Prometheus scrapes here. What a gateway counts is known so much later. */
const SCRAPE_MS = 1000;

describeWithPrometheus("a rollout by what a real Prometheus has scraped", () => {
  let prometheus: PrometheusServer;
  let site: Site;
  let controller: ControllerProcess;

  afterEach(async () => {
    await controller.end();
    await site.stop();
    await prometheus.close();
  });

  async function begin(plan: object): Promise<void> {
    site = await startSite(plan, {
      async evidenceOf(page) {
        prometheus = await startPrometheus({
          "prometheus.yml": `scrape_configs:
  - job_name: gateway
    scrape_interval: ${SCRAPE_MS}ms
    static_configs: [{ targets: ["${new URL(page).host}"] }]
`,
        });
        return { url: `prometheus:${prometheus.url}`, match: { job: "gateway" } };
      },
    });
    controller = await startController(site);
    await beginRollout(controller);
  }

  test("a healthy rollout completes by itself", MAY_BE_BUSY, async () => {
    await begin(SHORT_PLAN);
    const view = await controller.until(({ state }) => state === "completed", 150_000);
    expect(view).toMatchObject({ pct: 100, stage: 4, next: null, pages: [] });
    expect([...site.load.statuses.keys()]).toEqual([200]);
  });

  test(
    "where all of EdgeZero fails in a stage of 10%, it is rolled back and proven within 10 s and a scrape",
    MAY_BE_BUSY,
    async () => {
      await begin(STAYS_AT_TEN);
      const provenMs = await failAtTen(controller, site.edgezero, "prometheus");
      expect(provenMs).toBeLessThan(10_000 + SCRAPE_MS);
      const { entries } = await openFileJournal(site.trail).read();
      expect(entries.findLast(({ kind }) => kind === "intent")).toMatchObject({
        command: "rollback",
        reason: "EdgeZero is worse than the plan allows by the signal errors",
      });
    },
  );
});
