import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";
import { findChromium } from "./chromium.ts";

/** Starts a headless Chromium for `use`, and closes it whatever happens. */
export async function withBrowser<T>(use: (browser: Browser) => Promise<T>): Promise<T> {
  const found = findChromium();
  if ("missing" in found) throw new Error(found.missing);
  const browser = await chromium.launch({
    executablePath: found.path,
    // It runs as root in containers, where its sandbox cannot.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    return await use(browser);
  } finally {
    await browser.close();
  }
}
