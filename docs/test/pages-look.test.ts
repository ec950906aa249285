import { expect, test } from "vitest";
import { withBrowser } from "../scripts/browser.ts";
import { clippedTexts } from "../scripts/clipped.ts";
import { faintTexts } from "../scripts/faint.ts";
import { unreadableTables } from "../scripts/tables.ts";
import { findChromium } from "@edgezero/testbed/browser/find-chromium";
import { serveSite } from "../scripts/site.ts";

const WIDE = 1280;
const WIDTHS = [WIDE, 390];

const found = findChromium();
const isSkipped = "missing" in found && process.env["CI"] !== "true";
if (isSkipped) console.log(`The pages are not looked at. ${found.missing}`);

test.skipIf(isSkipped)(
  "in both themes every text is within sight, no page scrolls sideways, and each picture is there",
  async () => {
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
          for (const colorScheme of ["light", "dark"] as const) {
            await page.emulateMedia({ colorScheme });
            const isDark = colorScheme === "dark";
            await page.waitForFunction(
              (dark) => document.documentElement.classList.contains("dark") === dark,
              isDark,
            );
            const isOnce = width === WIDE && !isDark;
            const looks = [clippedTexts, faintTexts, ...(isOnce ? [unreadableTables] : [])];
            for (const look of looks) {
              const texts = await page.evaluate(look);
              findings.push(...texts.map((text) => `${path} at ${width}, ${colorScheme}: ${text}`));
            }
          }
          if (seen.missing > 0) findings.push(`${path} lacks ${seen.missing} pictures`);
        }
        await page.close();
      }
    }).finally(() => site.close());
    expect(findings).toEqual([]);
  },
);

const LONG_CELL = "<tr><td style='max-width:60px'>" + "word ".repeat(99) + "</td></tr>";

test.skipIf(isSkipped).each([
  ["faint", faintTexts, `<p style="color:#999;background:#bbb">seen badly</p>`],
  ["faint in a picture", faintTexts, `<svg><text y="20" fill="#eee">seen badly</text></svg>`],
  ["a tall row", unreadableTables, `<div class="vp-doc"><table>${LONG_CELL}</table></div>`],
  [
    "a table that is too wide",
    unreadableTables,
    `<div class="vp-doc" style="width:90px"><table><td>${"x".repeat(99)}</td></table></div>`,
  ],
  [
    "a broken name",
    unreadableTables,
    `<div class="vp-doc"><table style="width:50px;word-break:break-all"><td><code>LONG_NAME</code></td></table></div>`,
  ],
])("%s is found", async (_, look, html) => {
  await withBrowser(async (browser) => {
    const page = await browser.newPage();
    await page.setContent(`<body>${html}<p>whole</p></body>`);
    expect(await page.evaluate(look)).toHaveLength(1);
  });
});

test.skipIf(isSkipped).each([
  ["hidden by its box", `<div style="width:90px;overflow:hidden">${"long ".repeat(9)}</div>`],
  ["behind a scroll bar", `<div style="width:90px;overflow:auto">${"long ".repeat(9)}</div>`],
  ["outside the window", `<div style="margin-left:-90px">long</div>`],
])("a text %s is found", async (_, html) => {
  await withBrowser(async (browser) => {
    const page = await browser.newPage();
    await page.setContent(`<body style="white-space:nowrap">${html}<p>whole</p></body>`);
    const texts = await page.evaluate(clippedTexts);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toContain("long");
  });
});
