// Makes the screenshots that the documentation shows, of the running product, into screenshots/.
// With `--pages`, those of each page of the built site at the width of a desktop and of a phone, in
// both themes, into .scratch/pages, to look at; of those alone whose addresses follow.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { withBrowser } from "./browser.ts";
import { DOCS } from "./pages.ts";
import { serveSite } from "./site.ts";
import { terminalSessions } from "./terminal-sessions.ts";
import { terminalPage } from "./terminal-page.ts";

const WIDTHS = { desktop: 1280, phone: 390 } as const;

await withBrowser(process.argv.includes("--pages") ? pictureSite : pictureProduct);

async function pictureProduct(browser: Browser): Promise<void> {
  const folder = join(DOCS, "screenshots");
  mkdirSync(folder, { recursive: true });
  const page = await browser.newPage({ deviceScaleFactor: 1.25 });
  for (const { name, text } of await terminalSessions()) {
    await page.setContent(terminalPage(text));
    await page
      .locator("pre")
      .screenshot({ path: join(folder, `${name}.png`), omitBackground: true });
  }
}

function isMeant(path: string): boolean {
  const only = process.argv.slice(2).filter((arg) => !arg.startsWith("--"));
  return only.length === 0 || only.includes(path);
}

async function pictureSite(browser: Browser): Promise<void> {
  const folder = join(DOCS, ".scratch", "pages");
  mkdirSync(folder, { recursive: true });
  const site = await serveSite();
  try {
    for (const [kind, width] of Object.entries(WIDTHS)) {
      for (const colorScheme of ["light", "dark"] as const) {
        const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
        for (const path of site.pages.filter(isMeant)) {
          await page.goto(site.url + path, { waitUntil: "networkidle" });
          const name = path.replaceAll("/", "-").slice(1) || "index";
          const file = join(folder, `${name}.${kind}.${colorScheme}.png`);
          await page.screenshot({ path: file, fullPage: true });
        }
        await page.close();
      }
    }
  } finally {
    site.close();
  }
  console.log(`The pictures are in ${folder}.`);
}
