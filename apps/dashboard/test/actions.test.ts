import { readFile } from "node:fs/promises";
import { findChromium } from "@edgezero/testbed/browser/find-chromium";
import { launchChromium } from "@edgezero/testbed/browser/launch-chromium";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openPage, sees } from "./open-page.ts";
import type { RealController } from "./real-controller.ts";
import { startRealController } from "./real-controller.ts";

const chromium = findChromium();
const isMissing = "missing" in chromium;
if ("missing" in chromium)
  console.log(`The tests of the page's actions are skipped. ${chromium.missing}`);

describe.skipIf(isMissing)("the page and a controller", () => {
  let browser: Browser;
  let controller: RealController;
  let page: Page;
  let complaints: string[];
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => browser?.close());
  beforeEach(async () => {
    controller = await startRealController();
    ({ page, complaints } = await openPage(browser, controller.url));
    await page.waitForSelector(".screen");
  });
  afterEach(async () => {
    await page.close();
    await controller.close();
  });

  async function press(action: string, reason = ""): Promise<void> {
    await page.click(`#action-${action}`);
    await page.fill("input[name=who]", "ana");
    await page.fill("input[name=reason]", reason);
    await page.click(".confirm button[type=submit]");
    await page.waitForSelector(".outcome.is-taken");
  }

  async function stored(): Promise<string> {
    return readFile(controller.stage.storePath, "utf8");
  }

  test("an only environment opens by itself, and is led from start to a proven rollback", async () => {
    const { stage, rollout } = controller;
    await stage.step(rollout);
    await sees(page, "Idle at 0%");
    await press("start", "release 42");
    await sees(page, "Warming up at 0%");
    await stage.until(rollout, "observing");
    await expect.poll(async () => page.textContent(".status-headline")).toMatch(/ing at 10%$/);
    expect(await stored()).toContain('"10"');
    await press("pause");
    await sees(page, "Paused at 10%");
    await press("resume");
    await expect.poll(async () => page.textContent(".status-headline")).toMatch(/ing at 10%$/);
    await press("rollback", "checkout is broken");
    await stage.until(rollout, "rolled-back");
    await sees(page, "Rolled back to 0%");
    expect(await stored()).not.toContain('"10"');
    await page.locator(".timeline").getByText("“checkout is broken”").waitFor();
    expect(complaints).toEqual([]);
  });

  test("what happens without the page is shown at once: a fault, and the controller's rollback", async () => {
    const { stage, rollout } = controller;
    await stage.step(rollout);
    await press("start");
    await stage.until(rollout, "observing");
    stage.site.failing.canary = 1;
    await stage.until(rollout, "rolled-back");
    await sees(page, /EdgeZero was proven worse than the plan allows/);
    await press("reset");
    await sees(page, "Idle at 0%");
    expect(await stored()).toContain('"0"');
  });

  test("a value that someone else wrote waits for an operator", async () => {
    const { stage, rollout } = controller;
    await stage.step(rollout);
    await press("start");
    await stage.until(rollout, "observing");
    stage.set(25);
    await stage.until(rollout, "held: drifted");
    await sees(page, "someone else set 25%");
    await press("resume", "on purpose");
    await expect
      .poll(async () => page.textContent(".status-headline"))
      .toMatch(/^(?:Moving to|Observing at) 25%$/);
    expect(await page.locator(".outcome").textContent()).toContain("goes on from 25%");
  });
});
