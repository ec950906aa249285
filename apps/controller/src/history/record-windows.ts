import type { EnvironmentView } from "@edgezero/control-api/environment-view";
import type { EvidenceWindow, RolloutEvent, RolloutState, Site } from "@edgezero/progression";
import type { RecordedLine, RecordingHead } from "@edgezero/progression/rehearsal";

type Evidence = Extract<RolloutEvent, { readonly type: "evidence" | "evidence-failed" }>;

/** Makes lines of a recording from what sources answer. */
export interface WindowRecorder {
  /** Keeps a source's answer until the next reading tells the percentage. Other events are none. */
  take(event: RolloutEvent): void;
  /** Goes on after windows that an earlier process has recorded. */
  known(source: string, to: number): void;
  /** The lines that a reading at the end of a tick makes possible. */
  lines(view: Pick<EnvironmentView, "at" | "pct" | "epoch">): readonly string[];
}

/** As many windows wait for a reading, and as many readings and epochs are remembered. */
const MOST = 500;

/** What a rollout counts by its rules: the first line of a recording. */
export function recordingHead(
  { source, windowMs }: RolloutState["rules"],
  { bounds }: Pick<Site, "bounds">,
): RecordingHead {
  return { type: "recording", version: 1, source, windowMs, bounds };
}

/** @param head What the rollout counts by now. */
export function createRecorder(head: () => RecordingHead): WindowRecorder {
  const ends = new Map<string, number>();
  const pctOf = new Map<string, number>();
  let pending: Evidence[] = [];
  let readings: { readonly at: number; readonly pct: number | null }[] = [];
  let written = "";

  /** EdgeZero's percentage in the whole window; `null`: nobody knows, or it changed. */
  function pctIn({ from, to, decisions }: EvidenceWindow): number | null {
    const epochs = Object.keys(decisions);
    if (epochs.length > 1) return null;
    const byEpoch = epochs[0] === undefined ? undefined : pctOf.get(epochs[0]);
    return byEpoch ?? pctBetween(from, to);
  }

  function pctBetween(from: number, to: number): number | null {
    const first = readings.findLastIndex(({ at }) => at <= from);
    const last = readings.findIndex(({ at }) => at >= to);
    if (first < 0 || last < 0) return null;
    const around = readings.slice(first, last + 1);
    const isWatched = around.every(({ at }, i) => {
      return i === 0 || at - (around[i - 1]?.at ?? 0) <= 3 * head().windowMs;
    });
    const pct = around[0]?.pct ?? null;
    return isWatched && around.every((each) => each.pct === pct) ? pct : null;
  }

  function linesOf(event: Evidence): RecordedLine[] {
    const { source, at } = event;
    if (event.type === "evidence-failed") return [{ type: "silence", source, at }];
    return event.windows.flatMap((window) => {
      const pct = pctIn(window);
      const { from, to, canary, control, decisions, instances } = window;
      if (pct === null || from < (ends.get(source) ?? 0)) return [];
      ends.set(source, to);
      return [{ type: "window", source, from, to, pct, canary, control, decisions, instances }];
    });
  }

  return {
    take(event) {
      const isAnswer = event.type === "evidence" || event.type === "evidence-failed";
      if (isAnswer) pending = [...pending, event].slice(-MOST);
    },
    known: (source, to) => void ends.set(source, to),
    lines({ at, pct, epoch }) {
      readings = [...readings, { at, pct }].slice(-MOST);
      if (pct !== null && epoch !== null) remember(pctOf, epoch, pct);
      const lines = pending.flatMap(linesOf).map((line) => JSON.stringify(line));
      pending = [];
      const headLine = JSON.stringify(head());
      if (lines.length === 0 || headLine === written) return lines;
      written = headLine;
      return [headLine, ...lines];
    },
  };
}

function remember(pctOf: Map<string, number>, epoch: string, pct: number): void {
  pctOf.delete(epoch);
  pctOf.set(epoch, pct);
  const [oldest] = pctOf.keys();
  if (pctOf.size > MOST && oldest !== undefined) pctOf.delete(oldest);
}
