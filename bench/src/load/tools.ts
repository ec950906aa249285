import { spawnSync } from "node:child_process";

/** Programs of Debian's packages that some benchmarks need, and the package of each. */
const PACKAGES = {
  nginx: "nginx-light",
  haproxy: "haproxy",
  wrk: "wrk",
  "redis-server": "redis-server",
} as const;

export type Tool = keyof typeof PACKAGES;

/** What to say where tools are missing, with the command that installs them; `null`: none is. */
export function missingTools(...tools: readonly Tool[]): string | null {
  const missing = tools.filter((tool) => versionOf(tool) === null);
  if (missing.length === 0) return null;
  const packages = missing.map((tool) => PACKAGES[tool]).join(" ");
  return `${missing.join(", ")} not installed: apt-get install -y --no-install-recommends ${packages}`;
}

/** A tool's version, or `null` where it is not installed. */
export function versionOf(tool: Tool): string | null {
  // nginx says it on standard error, and wrk ends with an error.
  const { stdout, stderr, error } = spawnSync(tool, ["-v"], { encoding: "utf8" });
  return error === undefined ? (/\d+\.\d+(?:\.\d+)?/.exec(stdout + stderr)?.[0] ?? "?") : null;
}

/** The versions of the tools that are installed. */
export function toolVersions(...tools: readonly Tool[]): Record<string, string> {
  const versions = tools.map((tool) => [tool, versionOf(tool)] as const);
  return Object.fromEntries(versions.filter(([, version]) => version !== null)) as never;
}
