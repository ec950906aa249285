import type { Entry } from "./entry.ts";
import { NO_HASH, sha256 } from "./entry.ts";
import type { JournalFinding } from "./journal.ts";
import { parseEntry } from "./parse-entry.ts";

/** A place in the chain of hashes: the last of so many entries. */
export interface Link {
  /** The `seq` of the entry; 0 before the first one. */
  readonly entries: number;
  /** The SHA-256 of its line; 64 zeros before the first one. */
  readonly hash: string;
}

/** Before the first entry. */
export const BEGINNING: Link = { entries: 0, hash: NO_HASH };

/** The lines of a journal, as far as they were followed. */
export interface Chain {
  /** The readable entries, in the order of the lines. */
  readonly entries: readonly Entry[];
  /** SHA-256 of the line of each entry. */
  readonly hashes: readonly string[];
  /** The places where the chain of hashes is broken, by line; empty where it is whole. */
  readonly findings: readonly JournalFinding[];
  /** SHA-256 of the last whole entry's line. */
  readonly head: string;
  /** The `seq` of the last whole entry. */
  readonly count: number;
}

/** Follows the chain of hashes through lines, from the entry before the first of them. Pure. */
export function followChain(lines: readonly (Buffer | string)[], from: Link = BEGINNING): Chain {
  const entries: Entry[] = [];
  const findings: JournalFinding[] = [];
  const hashes: string[] = [];
  let { hash: head, entries: count } = from;
  /** Lines without an entry, until a note explains them. */
  let unexplained: { line: number; hash: string }[] = [];

  for (const [index, bytes] of lines.entries()) take(index + 1, bytes);
  for (const { line } of unexplained) {
    findings.push({ line, entry: null, message: "is not an entry" });
  }
  findings.sort((a, b) => a.line - b.line);
  return { entries, hashes, findings, head, count };

  function take(line: number, bytes: Buffer | string): void {
    const entry = parseEntry(bytes);
    if (entry === null) {
      unexplained.push({ line, hash: sha256(bytes) });
      return;
    }
    if (entry.prev !== head) {
      const message =
        entry.seq === count + 1
          ? "does not fit the entry before it: that one was changed, or this one was"
          : `is entry ${entry.seq} where ${count + 1} is due: entries are missing, added or moved`;
      findings.push({ line, entry: entry.seq, message });
    } else if (entry.seq !== count + 1) {
      const message = `is numbered ${entry.seq} where ${count + 1} is due`;
      findings.push({ line, entry: entry.seq, message });
    }
    if (entry.kind === "note" && entry.torn !== null) {
      const explained = entry.torn;
      unexplained = unexplained.filter(({ hash }) => hash !== explained);
    }
    entries.push(entry);
    head = sha256(bytes);
    hashes.push(head);
    count = entry.seq;
  }
}
