import type { Entry, IntentEntry } from "@edgezero/operations/journal/entry";
import { changeText } from "@edgezero/operations/journal/notes";
import { quoted, valuesText } from "@edgezero/operations/reading";
import { aligned } from "../../output/aligned.ts";
import type { Paint } from "../../output/paint.ts";

/** The last `limit` rows of the journal as a table; 0 is all of them. */
export function entryRows(entries: readonly Entry[], limit: number, paint: Paint): string {
  const intents = new Map<string, IntentEntry>();
  const ended = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === "intent") intents.set(entry.change, entry);
    if (entry.kind === "result") ended.add(entry.change);
  }
  // The beginning of a change is shown with its end, where that is there.
  const rows = entries.filter((entry) => !(entry.kind === "intent" && ended.has(entry.change)));
  const shown = limit === 0 ? rows : rows.slice(-limit);
  if (shown.length === 0) return "no entries";
  const header = ["entries", "at", "who", "result", "what"].map(paint.faint);
  return aligned([header, ...shown.map((each) => row(each, intents, paint))]);
}

function row(entry: Entry, intents: ReadonlyMap<string, IntentEntry>, paint: Paint): string[] {
  const start = [paint.faint(numbersOf(entry, intents)), entry.at, entry.who];
  switch (entry.kind) {
    case "intent":
      return [
        ...start,
        paint.warn("begun"),
        `${entry.command} ${changeText(entry)}${whyText(entry)}`,
      ];
    case "result": {
      const { command, result, values, detail } = entry;
      const intent = intents.get(entry.change);
      const what = intent === undefined ? "" : ` ${changeText(intent)}${whyText(intent)}`;
      if (result === "verified") return [...start, paint.good(result), command + what];
      const held = values === null ? "" : `; the store held ${valuesText(values)}`;
      const why = detail === null ? "" : `: ${detail}`;
      return [...start, paint.bad(result), `${command}${what}${why}${held}`];
    }
    case "note":
      return [...start, paint.warn("note"), `${entry.note}: ${entry.detail}`];
    default:
      return start;
  }
}

/** A change has an entry for its beginning and one for its end, which are shown as one row. */
function numbersOf(entry: Entry, intents: ReadonlyMap<string, IntentEntry>): string {
  const begun = entry.kind === "result" ? intents.get(entry.change) : undefined;
  return begun === undefined ? String(entry.seq) : `${begun.seq}, ${entry.seq}`;
}

function whyText({ reason }: IntentEntry): string {
  return reason === null ? "" : ` (${quoted(reason)})`;
}
