import { isOfRequests } from "./concentration.ts";
import type { Pass } from "./phase.ts";
import type { RolloutState, WatchedSignal } from "./state.ts";

/** How long one client may fail before it counts as a fault of EdgeZero's. */
const PATIENCE_MS = 600_000;

/**
 * Whether `worse` comes of fewer than three distinct clients while others do not fail. Two of at most six
 * are a third, and count as a fault of the path. Without client counts, as if many failed.
 */
export function isOneClient(state: RolloutState, pass: Pass, watched: WatchedSignal): boolean {
  if (!isOfRequests(watched)) return false;
  if (pass.clients.length === 0) return false;
  // Clients of two windows may be the same ones, so that the largest count is the one that is known.
  const failing = Math.max(...pass.clients.map((window) => window.failing));
  // Nobody fails any more: what still reads worse is the past, which does not last.
  if (failing === 0) return true;
  const since = pass.conditions["one-client"]?.since ?? state.now;
  if (state.now - since >= PATIENCE_MS) return false;
  const all = Math.max(...pass.clients.map((window) => window.all));
  return failing <= 1 || (failing === 2 && all > 6);
}
