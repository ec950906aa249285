import { canonicalClientIp } from "../client-ip.ts";
import { ORIGIN_OR_QUERY } from "../health.ts";
import type { RolloutReason } from "../rollout-state.ts";
import type { Exclusion } from "./decision-event.ts";

/** Why a request says nothing about its path, or `null` where it does. The first reason counts. */
export function exclusionOf(
  url: string,
  clientIp: string | null | undefined,
  reason: RolloutReason,
  healthPaths: readonly string[],
): Exclusion | null {
  if (reason === "forced") return "forced";
  if (isHealthUrl(url, healthPaths)) return "health";
  return canonicalClientIp(clientIp) === null ? "no-client-address" : null;
}

function isHealthUrl(url: string, healthPaths: readonly string[]): boolean {
  for (const path of healthPaths) {
    // Few URLs get as far as the regular expression.
    if (url.includes(path) && url.replace(ORIGIN_OR_QUERY, "") === path) return true;
  }
  return false;
}
