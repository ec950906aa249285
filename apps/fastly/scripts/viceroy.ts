import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";

const VERSION = "0.22.0";
const OLDEST = [0, 20] as const;
const EXECUTABLE = process.platform === "win32" ? "viceroy.exe" : "viceroy";

/** Where a Viceroy was found, or how to get one. */
export type ViceroySearch = { readonly path: string } | { readonly missing: string };

/**
 * Finds Viceroy, Fastly's local simulator, 0.20 or newer: on PATH, as the Fastly CLI has downloaded
 * it, or as {@link buildViceroy} has built it.
 */
export function findViceroy(): ViceroySearch {
  const onPath = (process.env["PATH"] ?? "").split(delimiter).map((dir) => join(dir, EXECUTABLE));
  const candidates = [...onPath, cliViceroy(), builtViceroy()];
  const path = candidates.find((candidate) => existsSync(candidate) && isNewEnough(candidate));
  if (path !== undefined) return { path };
  return {
    missing: `Viceroy ${OLDEST.join(".")} or newer is not installed. Build it, once: npx pnpm@12 --filter fastly viceroy`,
  };
}

/**
 * Finds Viceroy, or builds it from source into a cache folder that later runs reuse. Takes some
 * minutes, shows cargo's progress.
 *
 * @throws Error when there is no Rust toolchain, or the build fails.
 */
export function buildViceroy(): string {
  const found = findViceroy();
  if ("path" in found) return found.path;
  const root = join(builtViceroy(), "..", "..");
  console.log(
    `Building Viceroy ${VERSION} into ${root}. This happens once and takes some minutes.`,
  );
  const args = ["install", "--locked", "viceroy", "--version", VERSION, "--root", root];
  const { error, status } = spawnSync("cargo", args, { stdio: "inherit" });
  if (error !== undefined) {
    throw new Error(
      "Viceroy must be built, and there is no Rust toolchain: install one from https://rustup.rs, or put a viceroy on PATH",
    );
  }
  if (status !== 0) throw new Error(`Viceroy could not be built: cargo ended with ${status}`);
  return builtViceroy();
}

function cliViceroy(): string {
  const config =
    process.platform === "darwin"
      ? join(homedir(), "Library", "Application Support")
      : (process.env["XDG_CONFIG_HOME"] ?? process.env["APPDATA"] ?? join(homedir(), ".config"));
  return join(config, "fastly", EXECUTABLE);
}

function builtViceroy(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(cache, "edgezero-rollout", `viceroy-${VERSION}`, "bin", EXECUTABLE);
}

function isNewEnough(path: string): boolean {
  const { stdout } = spawnSync(path, ["--version"], { encoding: "utf8" });
  const [, major, minor] = /(\d+)\.(\d+)\.\d+/.exec(stdout ?? "") ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) > OLDEST[0] || Number(minor) >= OLDEST[1];
}
