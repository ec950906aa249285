import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";
import { findChromium } from "./find-chromium.ts";

/** Starts a headless Chromium. Rejects with how to install one. */
export async function launchChromium(): Promise<Browser> {
  const found = findChromium();
  if ("missing" in found) throw new Error(found.missing);
  return chromium.launch({
    executablePath: found.path,
    // It runs as root in containers, where its sandbox cannot.
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
}
