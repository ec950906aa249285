import { expect, test } from "vitest";
import { withBrowser } from "../scripts/browser.ts";
import { findChromium } from "../scripts/chromium.ts";
import { serveSite } from "../scripts/site.ts";

const WIDTHS = [1280, 390];

const found = findChromium();
const isSkipped = "missing" in found && process.env["CI"] !== "true";
if (isSkipped) console.log(`The pages are not looked at. ${found.missing}`);

test.skipIf(isSkipped)("no page is wider than its window, and each picture is there", async () => {
  // Its build is there: turbo builds before it tests.
  const site = await serveSite();
  const findings: string[] = [];
  await withBrowser(async (browser) => {
    for (const width of WIDTHS) {
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      page.on("pageerror", (error) => findings.push(`${page.url()}: ${error.message}`));
      for (const path of site.pages) {
        await page.goto(site.url + path, { waitUntil: "load" });
        const seen = await page.evaluate(() => ({
          title: document.querySelector("h1")?.textContent ?? "",
          width: document.documentElement.scrollWidth,
          missing: [...document.images].filter(({ naturalWidth }) => naturalWidth === 0).length,
        }));
        if (seen.title === "") findings.push(`${path} has no heading`);
        if (seen.width > width) findings.push(`${path} is ${seen.width} wide in ${width}`);
        if (seen.missing > 0) findings.push(`${path} lacks ${seen.missing} pictures`);
      }
      await page.close();
    }
  }).finally(() => site.close());
  expect(findings).toEqual([]);
});
