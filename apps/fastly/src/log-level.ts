import type { LogThreshold } from "@edgezero/settings";

/**
 * The level of this gateway's log: an explicit `EDGEZERO_LOG_LEVEL`, which may lower as well as raise
 * it; else `debug` under the local simulator; else `info`.
 *
 * Do not copy this rule to another gateway. Fastly alone sets `FASTLY_HOSTNAME` for the guest, to
 * `localhost` only in its local simulator. Anywhere else the variable is whatever somebody's shell
 * or container says, and would turn on debug lines in production.
 */
export function logLevel(
  explicitLevel: LogThreshold | undefined,
  fastlyHostname: string | undefined,
): LogThreshold {
  return explicitLevel ?? (isLocal(fastlyHostname) ? "debug" : "info");
}

/** Whether the guest runs in Fastly's local simulator. */
export function isLocal(fastlyHostname: string | undefined): boolean {
  return fastlyHostname === "localhost";
}
