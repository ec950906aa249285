import { launchChromium } from "@edgezero/testbed/browser/launch-chromium";
import type { Browser } from "playwright-core";

/** Starts a headless Chromium for `use`, and closes it whatever happens. */
export async function withBrowser<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const browser = await launchChromium();
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}
