// Records the demo with a fault and its rollback into docs/public/demo.gif, and takes two pictures of the page, from
// the real page in a real Chromium: `record`. README and the documentation's first page show them.
import { join } from "node:path";
import { launchChromium } from "@edgezero/testbed/browser/launch-chromium";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import type { PanelState } from "../src/page/panel-state.ts";
import { headline, shows } from "./on-page.ts";
import { runDemo } from "./run-demo.ts";

const FOLDER = join(import.meta.dirname, "..", "..", "..", "docs", "public");
const VIEWPORT = { width: 1280, height: 800 };
/** The width of the recording, as README shows it. */
const WIDTH = 900;
const MOST_BYTES = 1_500_000;

interface Frame {
  readonly picture: Buffer;
  /** How long it is shown, in milliseconds. */
  readonly shownMs: number;
}

/** A part of the recording, which ends when the status begins so. */
interface Chapter {
  readonly until: RegExp;
  /** The time between two frames, and for how long each is shown. */
  readonly everyMs: number;
  readonly shownMs: number;
}

const WARMING_UP: Chapter = { until: /^Observing at 10%/, everyMs: 6000, shownMs: 300 };
const MOVING: Chapter = { until: /^Observing at 25%/, everyMs: 4000, shownMs: 300 };
const BROKEN: Chapter = { until: /^Rolled back to 0%/, everyMs: 1000, shownMs: 600 };

const browser = await launchChromium();
const demo = await runDemo();
try {
  await record(browser, await demo.url());
} finally {
  await browser.close();
  await demo.cleanUp();
}

async function record(chromium: Browser, url: string): Promise<void> {
  const page = await chromium.newPage({ viewport: VIEWPORT, colorScheme: "light" });
  await page.goto(url);
  await page.waitForSelector(".screen");
  // The page as the controller serves it, without the panel of the demo.
  const { controller } = (await (await fetch(`${url}/demo/state`)).json()) as PanelState;
  const own = await chromium.newPage({ viewport: VIEWPORT, deviceScaleFactor: 1.5 });
  await own.goto(controller);
  await own.waitForSelector(".uplot", { state: "attached" });

  const frames = [...(await film(page, WARMING_UP)), ...(await film(page, MOVING))];
  await page.waitForTimeout(3000);
  frames.push(await frame(page, 900));
  await picture(own, "page-observing", "light");
  await page.click("#demo-some-errors");
  frames.push(...(await film(page, BROKEN)));
  await page
    .locator(".proof")
    .getByText(/^Proven/)
    .waitFor();
  // The chart and the timeline follow within a window.
  await page.waitForTimeout(3000);
  frames.push(await frame(page, 4000));
  await picture(own, "page-rolled-back", "dark");
  await write(frames);
}

async function film(page: Page, { until, everyMs, shownMs }: Chapter): Promise<Frame[]> {
  const frames: Frame[] = [];
  while (!until.test(await headline(page))) {
    frames.push(await frame(page, shownMs));
    await Promise.race([page.waitForTimeout(everyMs), shows(page, until)]);
  }
  return frames;
}

async function frame(page: Page, shownMs: number): Promise<Frame> {
  const taken = sharp(await page.screenshot());
  return { picture: await taken.resize(WIDTH).png().toBuffer(), shownMs };
}

async function picture(page: Page, name: string, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  const taken = sharp(await page.screenshot());
  await taken.png({ palette: true, colours: 128, dither: 0 }).toFile(join(FOLDER, `${name}.png`));
}

async function write(frames: readonly Frame[]): Promise<void> {
  const pictures = frames.map((each) => each.picture);
  const path = join(FOLDER, "demo.gif");
  const { size } = await sharp(pictures, { join: { animated: true } })
    .gif({
      loop: 0,
      delay: frames.map(({ shownMs }) => shownMs),
      colours: 64,
      dither: 0,
      effort: 10,
      interFrameMaxError: 2,
    })
    .toFile(path);
  console.log(`${path}: ${frames.length} frames, ${Math.round(size / 1000)} kB`);
  if (size > MOST_BYTES) throw new Error(`${path} is above ${MOST_BYTES / 1000} kB`);
}
