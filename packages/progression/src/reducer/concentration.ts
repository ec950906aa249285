import type { EvidenceWindow } from "./event.ts";
import type { WatchedSignal } from "./state.ts";

/** Sources count distinct clients over a minute. */
const MINUTE_MS = 60_000;

/**
 * The most failures of EdgeZero that count in a window: what its failing clients would have with the requests
 * of a mean client. A fault that comes to any request does not exceed it in the mean, since a client of
 * several requests is the likelier to fail. Without limit where clients are not counted, or do not fit.
 */
export function countedAtMost({ from, to, canary }: EvidenceWindow): number {
  const { clients, requests } = canary;
  if (clients === null || clients.failing === 0 || clients.all === 0) return Infinity;
  if (to - from > MINUTE_MS) return Infinity;
  return clients.failing * Math.max(1, requests / clients.all);
}

/** Whether a signal is of failed requests, which a client can have more of than others. */
export function isOfRequests({ of }: Pick<WatchedSignal, "of">): boolean {
  return of === "failures" || of === "timeouts";
}
