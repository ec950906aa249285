import type { EvidenceWindow, Phase } from "@edgezero/progression";

const SHOWN_MS = 60_000;

/** The share of EdgeZero over the windows of the last minute, for people. */
export interface ObservedShare {
  add(windows: readonly EvidenceWindow[]): void;
  /**
   * 0 to 1, of clients where they are counted, else of requests, in windows begun from `since` on; `null`
   * where nothing came.
   */
  share(now: number, since: number): number | null;
}

export function createObservedShare(): ObservedShare {
  let recent: readonly EvidenceWindow[] = [];
  return {
    add(windows) {
      const newest = windows.at(-1)?.to ?? 0;
      const before = recent.filter(({ from }) => windows.every((each) => each.from !== from));
      recent = [...before, ...windows].filter(({ to }) => to > newest - SHOWN_MS).slice(-120);
    },
    share(now, since) {
      const shown = recent.filter(({ from, to }) => from >= since && to > now - 2 * SHOWN_MS);
      return (
        ratio(shown, ({ clients }) => clients?.all ?? 0) ?? ratio(shown, ({ requests }) => requests)
      );
    },
  };
}

/** When the present percentage was written: windows before it would tell of another one. */
export function sharedSince(phase: Phase): number {
  if ("pass" in phase) return phase.pass.writtenAt;
  return "rollback" in phase ? (phase.rollback.writtenAt ?? 0) : 0;
}

function ratio(
  windows: readonly EvidenceWindow[],
  countOf: (path: EvidenceWindow["canary"]) => number,
): number | null {
  const canary = windows.reduce((sum, each) => sum + countOf(each.canary), 0);
  const control = windows.reduce((sum, each) => sum + countOf(each.control), 0);
  return canary + control === 0 ? null : canary / (canary + control);
}
