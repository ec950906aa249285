import type { LogThreshold } from "@edgezero/gateway";
import { parseLogThreshold } from "@edgezero/gateway";

/**
 * The level of this gateway's log: an explicit `EDGEZERO_LOG_LEVEL` where the guest can see one,
 * which may lower as well as raise it; else `debug` under the local simulator; else `info`. An
 * unknown level is `info`.
 *
 * Do not copy this rule to another gateway. Fastly alone sets `FASTLY_HOSTNAME` for the guest, to
 * `localhost` only in its local simulator. Anywhere else the variable is whatever somebody's shell
 * or container says, and would turn on debug lines in production.
 */
export function logLevel(
  explicitLevel: string | undefined,
  fastlyHostname: string | undefined,
): LogThreshold {
  if (explicitLevel) return parseLogThreshold(explicitLevel);
  return isLocal(fastlyHostname) ? "debug" : "info";
}

/** Whether the guest runs in Fastly's local simulator. */
export function isLocal(fastlyHostname: string | undefined): boolean {
  return fastlyHostname === "localhost";
}
