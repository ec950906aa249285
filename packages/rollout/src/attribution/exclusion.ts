import { clientBucket } from "../client-bucket.ts";
import { canonicalClientIp } from "../client-ip.ts";
import type { Decision } from "../decide.ts";
import { ORIGIN_OR_QUERY } from "../health.ts";
import type { Exclusion } from "./decision-event.ts";

const EMPTY_KEY_BUCKET = clientBucket(null);

/** Why a request says nothing about its path, or `null` where it does. The first reason counts. */
export function exclusionOf(
  url: string,
  clientIp: string | null | undefined,
  { reason, bucket = EMPTY_KEY_BUCKET }: Decision,
  healthPaths: readonly string[],
): Exclusion | null {
  if (reason === "forced") return "forced";
  if (isHealthUrl(url, healthPaths)) return "health";
  // A client in another bucket than that of no address has one, which need not be parsed again.
  if (bucket !== EMPTY_KEY_BUCKET) return null;
  return canonicalClientIp(clientIp) === null ? "no-client-address" : null;
}

function isHealthUrl(url: string, healthPaths: readonly string[]): boolean {
  for (const path of healthPaths) {
    // Few URLs get as far as the regular expression.
    if (url.includes(path) && url.replace(ORIGIN_OR_QUERY, "") === path) return true;
  }
  return false;
}
