import { readRegularFile } from "@edgezero/stores/file/regular-file";
import type { Entry } from "./entry.ts";
import { NO_HASH, sha256 } from "./entry.ts";
import { parseEntry } from "./parse-entry.ts";

/** A place in the trail that is not as it was written. */
export interface TrailProblem {
  /** 1 for the first line of the file. */
  readonly line: number;
  /** The `seq` that the entry on it bears; `null` where there is no entry. */
  readonly entry: number | null;
  readonly problem: string;
}

/** What the trail's file holds. */
export interface Trail {
  readonly path: string;
  /** Those that could be read, in the order of the file. */
  readonly entries: readonly Entry[];
  /** SHA-256 of the line of each. */
  readonly hashes: readonly string[];
  /** Where the chain of hashes is broken; empty when it is whole. */
  readonly problems: readonly TrailProblem[];
  /** SHA-256 of the last whole entry's line; 64 zeros when there is none. */
  readonly head: string;
  /** The `seq` of the last whole entry; 0 when there is none. */
  readonly count: number;
  /** What a killed process has left at the end, without a line feed; empty when there is none. */
  readonly torn: Buffer;
  /** Whether the file does not end in a line feed, so that the next entry must begin with one. */
  readonly endsOpen: boolean;
}

const LINE_FEED = 10;
/** Of many entries, each of which has less than a thousand bytes unless its reason is long. */
const END_BYTES = 256 * 1024;

/** Reads a trail and follows its chain of hashes. A file that is not there is an empty trail. */
export async function readTrail(path: string): Promise<Trail> {
  try {
    return followTrail(path, await readRegularFile(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT")
      return followTrail(path, Buffer.alloc(0));
    throw error;
  }
}

/**
 * Reads as much of the end of a trail as it takes to go on from there, however long it is: what is
 * given tells nothing of the chain before.
 */
export async function readTrailEnd(path: string): Promise<Trail> {
  const end = await readRegularFile(path, END_BYTES).catch(() => Buffer.alloc(0));
  const trail = followTrail(path, end.subarray(end.indexOf(LINE_FEED) + 1));
  return end.length === END_BYTES && trail.count > 0 ? trail : readTrail(path);
}

/** {@link readTrail} of a content. */
export function followTrail(path: string, content: Buffer): Trail {
  const end = content.lastIndexOf(LINE_FEED) + 1;
  const entries: Entry[] = [];
  const problems: TrailProblem[] = [];
  const hashes: string[] = [];
  let head = NO_HASH;
  let count = 0;
  /** Lines that hold no entry, until a note tells of them. */
  let unexplained: { line: number; hash: string }[] = [];

  const lines = splitLines(content.subarray(0, end));
  const rest = content.subarray(end);
  for (const [index, bytes] of lines.entries()) take(index + 1, bytes);
  // Where only the line feed is missing, it is an entry like any other.
  const isWhole = parseEntry(rest)?.prev === head;
  if (isWhole) take(lines.length + 1, rest);
  for (const { line } of unexplained) {
    problems.push({ line, entry: null, problem: "is not an entry" });
  }
  problems.sort((a, b) => a.line - b.line);
  const torn = isWhole ? Buffer.alloc(0) : rest;
  return { path, entries, hashes, problems, head, count, torn, endsOpen: rest.length > 0 };

  function take(line: number, bytes: Buffer): void {
    const entry = parseEntry(bytes);
    if (entry === null) {
      unexplained.push({ line, hash: sha256(bytes) });
      return;
    }
    if (entry.prev !== head) {
      const problem =
        entry.seq === count + 1
          ? "does not fit the entry before it: that one was changed, or this one was"
          : `is entry ${entry.seq} where ${count + 1} is due: entries are missing, added or moved`;
      problems.push({ line, entry: entry.seq, problem });
    } else if (entry.seq !== count + 1) {
      const problem = `is numbered ${entry.seq} where ${count + 1} is due`;
      problems.push({ line, entry: entry.seq, problem });
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
