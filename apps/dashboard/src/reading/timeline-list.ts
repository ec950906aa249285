import type { TimelineEntry, TimelineKind } from "@edgezero/control-api/timeline";
import { capital, incidentText } from "./incident-words.ts";
import { unverifiedText } from "./proof.ts";

/** An entry as the page lists it. */
export type ListedEntry = TimelineEntry & {
  /** Names it in an address. The same as long as the entry is kept. */
  readonly key: string;
};

/** What is shown of the timeline. */
export interface TimelineFilter {
  readonly kind: TimelineKind | "all";
  /** A part of its words, in any case. */
  readonly text: string;
}

/** The entries that a filter lets pass, the latest first. Pure. */
export function listTimeline(
  timeline: readonly TimelineEntry[],
  { kind, text }: TimelineFilter,
): readonly ListedEntry[] {
  const wanted = text.trim().toLowerCase();
  const counts = new Map<number, number>();
  return timeline
    .toSorted((a, b) => a.at - b.at)
    .map((entry) => {
      const number = counts.get(entry.at) ?? 0;
      counts.set(entry.at, number + 1);
      return Object.assign({ key: `${entry.at}-${number}` }, entry);
    })
    .filter((entry) => kind === "all" || entry.kind === kind)
    .filter((entry) => wanted === "" || wordsOf(entry).includes(wanted))
    .toReversed();
}

/** What happened in words, such as `Held: breach`. Pure. */
export function entryText(entry: TimelineEntry): string {
  switch (entry.kind) {
    case "page":
      return `Alert: ${incidentText(entry.incident)}`;
    case "moved":
      if (entry.held !== null) return `Held: ${incidentText(entry.held)}`;
      return entry.to === null ? entry.sentence : capital(entry.to.replaceAll("-", " "));
    case "outside":
      if (entry.to === "rolled-back")
        return "Stopped from outside: 0 was set, a key deleted, or the switch turned off";
      return entry.held === "drifted" ? "Someone else set another percentage" : entry.sentence;
    case "proof":
      return entry.proven ? entry.sentence : unverifiedText(entry.sentence);
    case "command":
      return entry.accepted ? entry.sentence : `Refused to ${entry.command}: ${entry.sentence}`;
    case "change":
    default:
      return entry.sentence;
  }
}

function wordsOf(entry: TimelineEntry): string {
  const { sentence, who, reason, evidence } = entry;
  const words = [entryText(entry), sentence, who ?? "controller", reason ?? "", evidence ?? ""];
  return words.join("\n").toLowerCase();
}
