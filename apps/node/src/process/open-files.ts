import { readFileSync } from "node:fs";

/** How many files this process may have open; `null` where the system does not say. */
export function maxOpenFiles(): number | null {
  try {
    const limits = readFileSync("/proc/self/limits", "utf8");
    const [, soft] = /^Max open files\s+(\d+)/m.exec(limits) ?? [];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}

/** Files that are open besides connections of clients and to origins: log, config, metrics, libraries. */
const OTHER_FILES = 350;
/** So many clients are served even where the process may open next to no files. */
const LEAST_CLIENTS = 16;

/**
 * How many clients may be connected, so that files are left for their origins, for the config and for
 * the metrics. A gateway that cannot open its config sends everyone to legacy.
 *
 * @param maxFiles As {@link maxOpenFiles} gives it.
 */
export function clientsWithin(
  maxFiles: number | null,
  maxClients: number,
  maxOriginConnections: number,
): number {
  if (maxFiles === null) return maxClients;
  const left = maxFiles - OTHER_FILES - 2 * maxOriginConnections;
  return Math.min(maxClients, Math.max(left, LEAST_CLIENTS));
}
