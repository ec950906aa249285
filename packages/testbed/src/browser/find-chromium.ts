import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

/** The path of a Chromium, or how to install one. */
export type ChromiumSearch = { readonly path: string } | { readonly missing: string };

/** Finds a Chromium on the `PATH`. */
export function findChromium(): ChromiumSearch {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const path = folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((candidate) => existsSync(candidate));
  if (path !== undefined) return { path };
  return { missing: "Chromium is not installed: apt-get install chromium" };
}
