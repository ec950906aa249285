import type { ClientsView } from "@edgezero/control-api/clients-view";
import type { EvidenceWindow, Phase } from "@edgezero/progression";

/** Counts that are more windows old than this say nothing of the moment that is asked for. */
const FRESH_WINDOWS = 3;
/** A source may bring many windows at once. */
const KEPT = 120;

/** How many distinct clients of each path fail, for people: nothing is decided by it. */
export interface ObservedClients {
  add(windows: readonly EvidenceWindow[]): void;
  /**
   * The counts of the newest window that ended by a moment, and at most three windows before it; `null` where
   * no window counted clients of EdgeZero then. `since`: windows that began before it belong to another percentage.
   */
  at(moment: number, since: number): ClientsView | null;
}

export function createObservedClients(): ObservedClients {
  let kept: readonly EvidenceWindow[] = [];
  return {
    add(windows) {
      // At 0% gateways count no one, so that the windows of before stay.
      const counted = windows.filter(({ canary }) => (canary.clients?.all ?? 0) > 0);
      const before = kept.filter(({ from }) => counted.every((each) => each.from !== from));
      kept = [...before, ...counted].toSorted((a, b) => a.to - b.to).slice(-KEPT);
    },
    at(moment, since) {
      const newest = kept.findLast(
        ({ from, to }) =>
          from >= since && to <= moment && to >= moment - FRESH_WINDOWS * (to - from),
      );
      if (newest === undefined || newest.canary.clients === null) return null;
      return { to: newest.to, edgezero: newest.canary.clients, legacy: newest.control.clients };
    },
  };
}

/** The moment whose clients are shown: now, or when a rollback began, by which it was decided. */
export function clientsMoment(phase: Phase, now: number): { moment: number; since: number } {
  if ("pass" in phase) return { moment: now, since: phase.pass.writtenAt };
  return { moment: "rollback" in phase ? phase.rollback.since : now, since: 0 };
}
