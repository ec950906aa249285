import { messageOf } from "@edgezero/faults/faults";
import { agoText } from "../duration.ts";
import { quoted } from "../reading.ts";
import type { Journal, JournalContent } from "./journal.ts";
import type { EndedChange } from "./journal-state.ts";
import { changeText } from "./notes.ts";

/** A journal as far as it can be read. */
export interface TriedJournal {
  /** `null` where it cannot be read. */
  readonly content: JournalContent | null;
  /** Says what is wrong with it; `null` where nothing is. */
  readonly finding: string | null;
}

/** Reads the journal as far as it can be read. Never rejects. */
export async function tryJournal(journal: Journal): Promise<TriedJournal> {
  try {
    const content = await journal.read();
    const { findings, tornBytes } = content;
    const [first] = findings;
    if (first !== undefined) {
      return { content, finding: `broken at line ${first.line}: run \`log --verify\`` };
    }
    const torn = "its last line is torn: a process was killed as it wrote";
    return { content, finding: tornBytes > 0 ? torn : null };
  } catch (error) {
    return { content: null, finding: `cannot be read: ${messageOf(error)}` };
  }
}

/** A change that has ended, in a line: `set 10 -> 5 by ann 4 min ago, written ("too warm")`. */
export function lastChangeText({ intent, result }: EndedChange): string {
  const what = intent === null ? "" : ` ${changeText(intent)}`;
  const why = intent?.reason ? ` (${quoted(intent.reason)})` : "";
  return `${result.command}${what} by ${intent?.who ?? result.who} ${agoText(result.at)}, ${result.result}${why}`;
}

/** The same as data. */
export function lastChangeDocument({ intent, result }: EndedChange): Record<string, unknown> {
  const { at, command, values } = result;
  return {
    at,
    who: intent?.who ?? result.who,
    command,
    from: intent?.from ?? null,
    to: intent?.to ?? null,
    reason: intent?.reason ?? null,
    result: result.result,
    values,
  };
}
