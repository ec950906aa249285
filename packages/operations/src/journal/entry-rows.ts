import { quoted, valuesText } from "../reading.ts";
import type { Entry, IntentEntry } from "./entry.ts";
import { changeText } from "./notes.ts";

/** What a row says of its change: whether it went well, or has not ended. */
export type RowTone = "plain" | "good" | "bad" | "warn";

/** A row of the journal. A change that has ended is one row, with the numbers of both its entries. */
export interface EntryRow {
  readonly numbers: string;
  readonly at: string;
  readonly who: string;
  readonly tone: RowTone;
  readonly result: string;
  readonly what: string;
}

/** The last `limit` rows of a journal; 0 is all of them. */
export function entryRows(entries: readonly Entry[], limit: number): EntryRow[] {
  const intents = new Map<string, IntentEntry>();
  const ended = new Set<string>();
  for (const entry of entries) {
    if (entry.kind === "intent") intents.set(entry.change, entry);
    if (entry.kind === "result") ended.add(entry.change);
  }
  // The beginning of a change is shown with its end, where that is there.
  const rows = entries.filter((entry) => !(entry.kind === "intent" && ended.has(entry.change)));
  return rows.slice(limit === 0 ? 0 : -limit).map((entry) => rowOf(entry, intents));
}

function rowOf(entry: Entry, intents: ReadonlyMap<string, IntentEntry>): EntryRow {
  const { at, who } = entry;
  return { numbers: numbersOf(entry, intents), at, who, ...saidOf(entry, intents) };
}

function saidOf(
  entry: Entry,
  intents: ReadonlyMap<string, IntentEntry>,
): Pick<EntryRow, "tone" | "result" | "what"> {
  switch (entry.kind) {
    case "intent":
      return {
        tone: "warn",
        result: "begun",
        what: `${entry.command} ${changeText(entry)}${whyText(entry)}`,
      };
    case "result": {
      const { command, result, values, detail } = entry;
      const intent = intents.get(entry.change);
      const what = intent === undefined ? "" : ` ${changeText(intent)}${whyText(intent)}`;
      if (result === "written") return { tone: "plain", result, what: command + what };
      if (result === "verified") return { tone: "good", result, what: command + what };
      const held = values === null ? "" : `; the store held ${valuesText(values)}`;
      const why = detail === null ? "" : `: ${detail.replace(/\.$/, "")}`;
      return { tone: "bad", result, what: `${command}${what}${why}${held}` };
    }
    case "note":
      return { tone: "warn", result: "note", what: `${entry.note}: ${entry.detail}` };
    default:
      return { tone: "plain", result: "", what: "" };
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
