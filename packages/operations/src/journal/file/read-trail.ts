import { errorCode } from "@edgezero/faults/faults";
import { readOwnFile } from "@edgezero/stores/file/own-file";
import type { Chain } from "../chain.ts";
import { followChain } from "../chain.ts";
import { parseEntry } from "../parse-entry.ts";

/** The content of a trail's file. */
export interface Trail extends Chain {
  readonly path: string;
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
  const lines = splitLines(content.subarray(0, end));
  const rest = content.subarray(end);
  const chain = followChain(lines);
  const endsOpen = rest.length > 0;
  // Where only the line feed is missing, the last line is an entry like any other.
  const isWhole = parseEntry(rest)?.prev === chain.head;
  return isWhole
    ? { path, ...followChain([...lines, rest]), torn: Buffer.alloc(0), endsOpen }
    : { path, ...chain, torn: rest, endsOpen };
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
