import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { run } from "./run.ts";

/** The lines of Node that are supported, beside the oldest version that a package names. */
const LINES: readonly string[] = ["20", "22", "24", "26"];
const CACHE = join(
  process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"),
  "edgezero-rollout",
  "node",
);

/**
 * The versions of Node that a package is tried on: the oldest that its `engines` allow, such as `22.18`,
 * and the newest of each later line, such as `24`.
 *
 * @param engines Always of the form `>=22.18`; without it, only the newest line.
 */
export function versionsFor(engines: string | undefined): readonly string[] {
  const oldest = engines?.replace(">=", "");
  if (oldest === undefined) return LINES.slice(-1);
  const line = Number.parseInt(oldest, 10);
  const later = LINES.filter((each) => Number(each) > line);
  // The oldest of a line is tried beside its newest, where they may differ.
  return oldest.includes(".") ? [oldest, String(line), ...later] : [oldest, ...later];
}

/** Installs a version of Node where it is not there yet, and gives the path of its program. */
export async function nodeOf(version: string): Promise<string> {
  const folder = join(CACHE, version);
  await mkdir(folder, { recursive: true });
  const quiet = ["--no-audit", "--no-fund", "--no-save", "--prefer-offline", "--loglevel=error"];
  await run(folder, "npm", ["install", "--prefix", folder, ...quiet, `node@${version}`]);
  return join(folder, "node_modules", "node", "bin", "node");
}
