import type { ControllerProcess } from "@edgezero/controller/test/real/controller-process";
import { startController } from "@edgezero/controller/test/real/controller-process";
import type { Site } from "@edgezero/controller/test/real/site";
import { startSite } from "@edgezero/controller/test/real/site";
import { findChromium } from "@edgezero/testbed/browser/find-chromium";
import { launchChromium } from "@edgezero/testbed/browser/launch-chromium";
import type { Browser, Page } from "playwright-core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openPage } from "./open-page.ts";

const chromium = findChromium();
const isMissing = "missing" in chromium;
if ("missing" in chromium)
  console.log(`The test of the page and gateways is skipped. ${chromium.missing}`);

/** Windows of a second. The holds last longer than the test, but for the first. */
const PLAN = {
  stages: [
    { pct: 10, hold: "3s", minRequests: 20, approval: true },
    { pct: 50, hold: "10m" },
    { pct: 80, hold: "10m" },
  ],
  window: "1s",
  propagation: "2s",
};

describe.skipIf(isMissing)("the page, a controller's process and a gateway", () => {
  let site: Site;
  let controller: ControllerProcess;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  beforeEach(async () => {
    site = await startSite(PLAN);
    controller = await startController(site);
    browser = await launchChromium();
    ({ page, complaints } = await openPage(browser, controller.url));
  });
  afterEach(async () => {
    await browser.close();
    await controller.end();
    await site.stop();
  });

  async function headline(expected: RegExp): Promise<void> {
    await expect
      .poll(async () => page.textContent(".status-headline"), { timeout: 60_000 })
      .toMatch(expected);
  }

  async function press(action: string): Promise<void> {
    await page.click(`#action-${action}[aria-disabled=false]`, { timeout: 60_000 });
    await page.fill("input[name=who]", "ana");
    await page.click(".confirm button[type=submit]");
    await page.waitForSelector(".outcome.is-taken");
  }

  test("each action of the page does what it says, up to a rollback that is proven", async () => {
    await headline(/^Idle at 0%$/);
    await press("start");
    await headline(/^Waiting for approval at 10%$/);
    await press("approve");
    await headline(/^(?:Observing|Waiting) at 50%$/);
    await press("promote");
    await headline(/^(?:Observing|Waiting) at 80%$/);
    await press("pause");
    await headline(/^Paused at 80%$/);
    await press("resume");
    await headline(/^(?:Observing|Waiting) at 80%$/);
    await page.keyboard.press("Alt+Shift+R");
    await page.keyboard.press("Enter");
    await headline(/^Rolled back to 0%$/);
    const proof = await page.locator(".proof").textContent();
    expect(proof).toMatch(/0 written in .* s\s*Proven in .* s/);
    console.log(`from the page, over a gateway: ${proof}`);
    const view = await controller.view();
    expect(view).toMatchObject({ state: "rolled-back", pct: 0 });
    expect(view.timeline.some(({ who }) => who === "ana")).toBe(true);
    await press("reset");
    await headline(/^Idle at 0%$/);
    expect(complaints).toEqual([]);
  }, 240_000);
});
