import type { Link } from "../chain.ts";
import { BEGINNING } from "../chain.ts";
import { NO_HASH } from "../entry.ts";
import type { ArchivedEntries } from "../journal.ts";
import { parseEntry } from "../parse-entry.ts";

/**
 * Reads what a journal says of its archived entries; `null` where it says nothing, or nothing that can be
 * read: the first entry then fits nothing, which is found.
 */
export function parseBase(text: string | null): ArchivedEntries | null {
  try {
    const found = JSON.parse(text ?? "null") as Partial<ArchivedEntries> | null;
    const { entries, hash, place, who, at } = found ?? {};
    const isOne = Number.isSafeInteger(entries) && [hash, place, who, at].every(isText);
    return isOne ? ({ entries, hash, place, who, at } as ArchivedEntries) : null;
  } catch {
    return null;
  }
}

function isText(value: unknown): boolean {
  return typeof value === "string";
}

/** Where to follow the last line of a journal alone: it says itself what it follows. */
export function linkAtEnd(last: string | null, base: ArchivedEntries | null): Link {
  const entry = last === null ? null : parseEntry(last);
  if (entry !== null) return { entries: entry.seq - 1, hash: entry.prev };
  return last === null ? (base ?? BEGINNING) : { entries: 0, hash: NO_HASH };
}
