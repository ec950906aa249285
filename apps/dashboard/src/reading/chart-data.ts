import type { History } from "@edgezero/control-api/history";
import type { TimelineEntry } from "@edgezero/control-api/timeline";
import { isStandingProof } from "./proof.ts";

/** How much of the history a chart shows. */
export type ChartSpan = "stage" | "day" | "all";

/** The columns of the chart: seconds of the epoch, and both shares in per cent. */
export type ChartColumns = [number[], (number | null)[], (number | null)[]];

const DAY_MS = 86_400_000;

/** The part of a history that is shown, up to now. Pure. */
export function chartColumns(
  history: History,
  span: ChartSpan,
  stageBeganAt: number,
  now: number,
): ChartColumns {
  const from = { stage: stageBeganAt - 60_000, day: now - DAY_MS, all: -Infinity }[span];
  const first = history.at.findIndex((at) => at >= from);
  if (first < 0) return [[], [], []];
  return [
    history.at.slice(first).map((at) => at / 1000),
    history.pct.slice(first),
    history.share.slice(first).map((share) => (share === null ? null : 100 * share)),
  ];
}

/** The top of the scale: a little above all that is shown, never above 100, and never flat. */
export function chartTop([, configured, observed]: ChartColumns): number {
  const most = [...configured, ...observed].reduce<number>(
    (top, each) => Math.max(top, each ?? 0),
    0,
  );
  const wanted = Math.max(2, 1.25 * most);
  return Math.min(100, [2, 5, 10, 15, 20, 30, 40, 60, 80, 100].find((top) => top >= wanted) ?? 100);
}

/** What a mark of the chart stands for. */
export type MarkKind = "write" | "operator" | "trouble" | "rollback" | "proof" | "no-proof";

export interface ChartMark {
  /** Seconds of the epoch. */
  readonly at: number;
  readonly kind: MarkKind;
  readonly text: string;
}

/** Changes, approvals, breaches, rollbacks and proofs, to be marked over the shares. Pure. */
export function chartMarks(timeline: readonly TimelineEntry[]): readonly ChartMark[] {
  return timeline.flatMap((entry) => {
    const kind = markKind(entry, timeline);
    return kind === null ? [] : [{ at: entry.at / 1000, kind, text: entry.sentence }];
  });
}

function markKind(entry: TimelineEntry, timeline: readonly TimelineEntry[]): MarkKind | null {
  switch (entry.kind) {
    case "change":
      if (entry.written === false) return "trouble";
      return entry.pct === 0 ? "rollback" : "write";
    case "command":
      return entry.accepted ? "operator" : null;
    case "proof":
      return isStandingProof(entry, timeline) ? "proof" : "no-proof";
    case "outside":
      return entry.to === "rolled-back" ? "rollback" : "trouble";
    case "moved":
      return entry.to === "held" || entry.to === "rollback-unverified" ? "trouble" : null;
    case "page":
    default:
      return null;
  }
}
