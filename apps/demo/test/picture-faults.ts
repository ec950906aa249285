// Presses each fault of the demo, and takes pictures of what the page makes of it into .pictures/, to look at with
// fresh eyes: `pictures [fault …]`. Its words go to the terminal.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { launchChromium } from "@edgezero/testbed/browser/launch-chromium";
import type { Page } from "playwright-core";
import type { FaultName } from "../src/site/fault.ts";
import { FAULTS } from "../src/site/fault.ts";
import { shows } from "./on-page.ts";
import { runDemo } from "./run-demo.ts";

const FOLDER = join(import.meta.dirname, "..", ".pictures");
/** Seconds after a fault began, and after it was healed. */
const ON = [5, 20];
const HEALED = [12];

const wanted = process.argv.slice(2);
const faults = (Object.keys(FAULTS) as FaultName[]).filter(
  (name) => wanted.length === 0 || wanted.includes(name),
);
mkdirSync(FOLDER, { recursive: true });
const browser = await launchChromium();
const demo = await runDemo();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  // A machine that has other work too takes its time.
  page.setDefaultTimeout(240_000);
  await page.goto(await demo.url());
  for (const fault of faults) {
    await shows(page, /^(?:Observing|Waiting) at/);
    await page.click(`#demo-${fault}`);
    await picture(page, fault, ON);
    await page.click("#demo-heal");
    await picture(page, `${fault}.healed`, HEALED);
    const again = page.waitForResponse(/\/demo\/again$/, { timeout: 60_000 });
    await page.click("#demo-again");
    await again;
  }
} finally {
  await browser.close();
  await demo.cleanUp();
}

/** The panel says what is wrong, so that a picture with it would tell nothing of the page. */
async function showPanel(page: Page, isShown: boolean): Promise<void> {
  const display = isShown ? "" : "none";
  await page.evaluate(`document.querySelector(".demo-panel").style.display = "${display}"`);
}

/** Takes a picture after each of so many seconds. */
async function picture(page: Page, name: string, seconds: readonly number[]): Promise<void> {
  const begun = Date.now();
  for (const second of seconds) {
    await page.waitForTimeout(Math.max(0, begun + 1000 * second - Date.now()));
    await showPanel(page, false);
    await page.screenshot({ path: join(FOLDER, `${name}.${second}s.png`) });
    await showPanel(page, true);
    const words = await page
      .locator(".status h1, .answer, .needed, .proof, .notes")
      .allInnerTexts();
    console.log(`${name}, ${second} s: ${words.join(" | ").replaceAll(/\s+/g, " ")}`);
  }
}
