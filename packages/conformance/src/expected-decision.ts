import { EDGEZERO_ENABLED_KEY, EDGEZERO_ROLLOUT_PCT_KEY } from "@edgezero/rollout";
import type { FailSafeCase, StoreContent } from "./fail-safe-cases.ts";

/** Matches the flags of the tests that are on. */
const ON = /^[\s\u0085]*(?:true|1)[\s\u0085]*$/i;

/**
 * The epoch of a store's content, computed without code of the core: a hash of both values as they
 * are stored. The percentage counts only if it is read.
 */
export function epochOf(store: StoreContent): string {
  if (store === null) return epochOfValues(undefined, undefined);
  if ("unreadable" in store) {
    // In these cases the flag is on, if it can be read.
    const flag = store["unreadable"] === EDGEZERO_ENABLED_KEY ? undefined : "true";
    return epochOfValues(flag, undefined);
  }
  const { [EDGEZERO_ENABLED_KEY]: flag = null, [EDGEZERO_ROLLOUT_PCT_KEY]: pct = null } = store;
  const isRead = flag !== null && ON.test(flag) && !flag.includes("\ufeff");
  return epochOfValues(flag, isRead ? pct : undefined);
}

function epochOfValues(flag: string | null | undefined, pct: string | null | undefined): string {
  let hash = 0x811c9dc5n;
  for (const byte of new TextEncoder().encode(`${String(flag)}\n${String(pct)}`)) {
    hash = ((hash ^ BigInt(byte)) * 0x01000193n) & 0xffffffffn;
  }
  return hash.toString(16);
}

/** The text of `x-edgezero-decision` for a client in that bucket. */
export function decisionText({ reason, rolloutPct, store }: FailSafeCase, bucket: number): string {
  const inBucket = reason === "bucket" ? ` bucket=${bucket};` : "";
  return `reason=${reason}; pct=${rolloutPct};${inBucket} epoch=${epochOf(store)}`;
}
