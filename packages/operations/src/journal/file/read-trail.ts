import { errorCode } from "@edgezero/faults/faults";
import { readOwnFile } from "@edgezero/stores/file/own-file";
import type { Entry } from "../entry.ts";
import { NO_HASH, sha256 } from "../entry.ts";
import type { JournalFinding } from "../journal.ts";
import { parseEntry } from "./parse-entry.ts";

/** The content of a trail's file. */
export interface Trail {
  readonly path: string;
  /** The readable entries, in the order of the file. */
  readonly entries: readonly Entry[];
  /** SHA-256 of the line of each entry. */
  readonly hashes: readonly string[];
  /** The places where the chain of hashes is broken; empty where it is whole. */
  readonly findings: readonly JournalFinding[];
  /** SHA-256 of the last whole entry's line; 64 zeros where there is no entry. */
  readonly head: string;
  /** The `seq` of the last whole entry; 0 where there is no entry. */
  readonly count: number;
  /** The last line where a killed process left it unfinished; empty where the last line is whole. */
  readonly torn: Buffer;
  /** Whether the file does not end in a line feed, so that the next entry must begin with one. */
  readonly endsOpen: boolean;
}

const LINE_FEED = 10;
/** Enough for many entries: an entry has less than a thousand bytes unless its reason is long. */
const END_BYTES = 256 * 1024;

/** Reads a trail and follows its chain of hashes. A missing file is an empty trail. */
export async function readTrail(path: string): Promise<Trail> {
  try {
    return followTrail(path, await readOwnFile(path));
  } catch (error) {
    if (errorCode(error) === "ENOENT") return followTrail(path, Buffer.alloc(0));
    throw error;
  }
}

/**
 * Reads only the end of a trail, as much as the next append needs. The result says nothing about the
 * chain before that.
 */
export async function readTrailEnd(path: string): Promise<Trail> {
  const end = await readOwnFile(path, END_BYTES).catch(() => Buffer.alloc(0));
  const trail = followTrail(path, end.subarray(end.indexOf(LINE_FEED) + 1));
  return end.length === END_BYTES && trail.count > 0 ? trail : readTrail(path);
}

/** Follows the chain of hashes in a content. Pure. */
export function followTrail(path: string, content: Buffer): Trail {
  const end = content.lastIndexOf(LINE_FEED) + 1;
  const entries: Entry[] = [];
  const findings: JournalFinding[] = [];
  const hashes: string[] = [];
  let head = NO_HASH;
  let count = 0;
  /** Lines without an entry, until a note explains them. */
  let unexplained: { line: number; hash: string }[] = [];

  const lines = splitLines(content.subarray(0, end));
  const rest = content.subarray(end);
  for (const [index, bytes] of lines.entries()) take(index + 1, bytes);
  // Where only the line feed is missing, the last line is an entry like any other.
  const isWhole = parseEntry(rest)?.prev === head;
  if (isWhole) take(lines.length + 1, rest);
  for (const { line } of unexplained) {
    findings.push({ line, entry: null, message: "is not an entry" });
  }
  findings.sort((a, b) => a.line - b.line);
  const torn = isWhole ? Buffer.alloc(0) : rest;
  return { path, entries, hashes, findings, head, count, torn, endsOpen: rest.length > 0 };

  function take(line: number, bytes: Buffer): void {
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

function splitLines(content: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < content.length;) {
    const end = content.indexOf(LINE_FEED, start);
    lines.push(content.subarray(start, end));
    start = end + 1;
  }
  return lines;
}
